"""What the front door shows; its layout is :mod:`ganzoo.gallery.tabs.zoo`."""
