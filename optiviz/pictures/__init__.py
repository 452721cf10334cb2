"""A scene drawn into a file, with or without a window."""
