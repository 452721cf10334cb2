"""The bars of the window."""
