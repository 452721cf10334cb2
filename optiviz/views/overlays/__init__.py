"""What an update is made of, drawn at the heads of the paths."""
