"""Corridor runs a humanitarian evacuation and the reception that follows it."""

__version__ = "0.1.0"
