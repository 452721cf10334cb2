"""The panel on the left: everything of the scene that can be set."""
