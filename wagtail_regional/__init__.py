"""Regional partnerships for Wagtail: a registry of facts, blocks and pages to tell them, an API."""

__version__ = "0.1.0"
