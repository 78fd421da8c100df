"""Who: persons, households, cards, needs; where each of them is; two records, one person."""
