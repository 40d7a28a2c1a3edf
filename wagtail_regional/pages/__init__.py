"""Ready-made page types, for sites with Wagtail's own page model."""
