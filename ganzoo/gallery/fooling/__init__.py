"""What the Fool tab computes and draws; its layout is :mod:`ganzoo.gallery.tabs.fool`."""
