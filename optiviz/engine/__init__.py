"""Optimizers, schedules, surfaces, and the stepping loop: NumPy and the standard library."""
