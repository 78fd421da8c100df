"""The convoy: vehicles, seats, the manifest, boarding, departure and arrival.

It promises that families travel whole, that whoever boarded is expected at the other end, and that
whoever did not arrive is named.
"""
