"""The surface, the paths on it, and what is drawn over them."""
