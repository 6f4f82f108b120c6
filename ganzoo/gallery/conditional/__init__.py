"""What the Classes tab paints; its layout is :mod:`ganzoo.gallery.tabs.classes`."""
