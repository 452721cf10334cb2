"""Files: scenes, pictures that carry them, lessons, and how they are read and written. No Qt."""
