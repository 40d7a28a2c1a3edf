"""Choosing a row of the registry, in forms and in blocks."""
