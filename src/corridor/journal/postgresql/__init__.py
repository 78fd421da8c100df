"""A PostgreSQL server under Django's backend: the headquarters' database."""
