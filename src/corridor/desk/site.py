"""The site that this process serves. The journal itself has no global; the desk has this one."""

from __future__ import annotations

from corridor.journal.node import Node


class NoSite(RuntimeError):
    """Nothing was opened in this process."""


class _Served:
    node: Node | None = None


def serve_node(node: Node | None) -> None:
    """From now on this process serves `node` (or nothing)."""
    _Served.node = node


def served_node() -> Node:
    """The node this process serves. Raises `NoSite`."""
    if _Served.node is None:
        raise NoSite("This process has opened no site.")
    return _Served.node
