"""Who wants to know when facts about people change: later stops add themselves, people ask none."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from corridor.journal.node import Node

Listener = Callable[[Node, str, list[str]], object]

_LISTENERS: list[Listener] = []


def on_change(listener: Listener) -> None:
    """A stop is told, in the same transaction, of persons whose facts were changed."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def changed(node: Node, actor: str, persons: Iterable[str]) -> None:
    """Needs, ages or ways to travel of these persons were changed by this actor."""
    those = sorted(set(persons))
    for listener in _LISTENERS:
        listener(node, actor, those)
