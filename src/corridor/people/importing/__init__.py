"""Importing a list: everybody who can be registered is, nobody twice, and the rest set aside.

One logical import is many transactions, so that memory stays flat and a stop loses at most what was
not acknowledged. Started again, an import goes on where it stopped: what came in before is known by
keyed hashes in an ordinary table, written in the same transactions (`remembering`).
"""
