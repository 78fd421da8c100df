"""What a site's folder or database may answer instead of opening."""

from __future__ import annotations


class HomeRefused(Exception):
    """The site cannot be used as it is; the sentence says why and what to do."""


class TrustRefused(HomeRefused):
    """A change of who belongs to the operation that was not made; the sentence says why."""
