"""Bricks that several architectures share. Each is checked against its own definition."""
