"""What is open and alive, without widgets: the document, the player, the worker, the workspace."""
