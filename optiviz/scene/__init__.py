"""The document: scenes, their files and tables, editing, running and playing them. No Qt."""
