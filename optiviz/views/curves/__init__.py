"""Curves over the steps."""
