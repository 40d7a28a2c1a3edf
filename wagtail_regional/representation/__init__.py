"""From what is wanted to rows, and from rows to the shapes of the contract."""
