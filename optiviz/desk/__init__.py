"""What surrounds documents: dialogs, settings, mishaps, the display."""
