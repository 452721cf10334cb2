"""What shows a state: told of every change, and drawing what differs."""
