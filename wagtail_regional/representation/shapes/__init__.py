"""Rows of the registry to the shapes of the contract; `represent` joins them."""
