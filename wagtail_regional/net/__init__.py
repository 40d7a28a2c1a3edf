"""Guarded HTTP, for links and webhooks: where this server may connect, and how it asks."""
