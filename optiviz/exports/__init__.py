"""The dialogs that ask for pictures, animations and tables."""
