"""The journal's own folded tables, in a Django app of their own: they have no migrations."""
