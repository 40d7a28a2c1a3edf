"""Telling caches and other programs of a change."""
