"""What one can do with a trained network. Pure computation: no interface, no state, no files."""
