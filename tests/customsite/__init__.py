"""A host with its own user and image models."""
