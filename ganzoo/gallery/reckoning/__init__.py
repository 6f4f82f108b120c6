"""What the Arithmetic tab reckons; its layout is :mod:`ganzoo.gallery.tabs.arithmetic`."""
