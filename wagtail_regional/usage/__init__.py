"""Where a row of the registry is used, and putting another one in its place."""
