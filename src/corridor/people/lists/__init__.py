"""How lists of others are read, kept for the next list with the same columns."""
