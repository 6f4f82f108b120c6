"""What the One image tab dreams; its layout is :mod:`ganzoo.gallery.tabs.one_image`."""
