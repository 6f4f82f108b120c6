"""How the tables came to be what they are, one step per file in ``versions``."""
