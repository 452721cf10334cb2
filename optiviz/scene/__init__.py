"""Scenes and runs: frozen values, and pure functions of them. No thread, no file, no Qt."""
