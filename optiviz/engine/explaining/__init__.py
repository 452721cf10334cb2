"""Explains an update: expressions out of the source of rules, formulas, numbers, vectors."""
