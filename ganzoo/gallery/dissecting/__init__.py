"""What the Dissect tab computes and draws; its layout is :mod:`ganzoo.gallery.tabs.dissect`."""
