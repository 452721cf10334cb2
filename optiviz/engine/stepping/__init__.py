"""Stepping: from rules and surfaces to rows, from rows to trajectories."""
