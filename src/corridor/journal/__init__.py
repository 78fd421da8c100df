"""What happened: signed entries, and the only writer of the tables folded from them.

Ground state: an append-only journal of signed entries is the only truth. Every table is a pure
function of the set of entries and bodies a node holds, whatever order and way they came in.
"""
