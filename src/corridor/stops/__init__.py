"""The journey, stop by stop: a later stop may look back at an earlier one, never forward."""
