"""What keeps answers fresh: the content stamp, and telling caches and others of a change."""
