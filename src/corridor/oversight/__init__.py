"""Oversight: the accounts of everyone. It reads all, may call acts, and is read by none."""
