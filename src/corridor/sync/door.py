"""The node that the endpoints of this process speak for."""

from __future__ import annotations

from corridor.journal.node import Node


class _Door:
    node: Node | None = None


def open_door(node: Node | None) -> None:
    """From now on other nodes meet `node` here (or nobody)."""
    _Door.node = node


def node_at_the_door() -> Node:
    """The node of this process."""
    assert _Door.node is not None, "This process has opened no site."
    return _Door.node
