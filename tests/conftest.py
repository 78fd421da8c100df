"""Fixtures: a node of its own for each test, on a plain file, with a clock to turn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from corridor.journal import schema
from corridor.journal.databases import close_database
from corridor.journal.node import Node
from tests.nodes import Clock, lone_node

_numbers = count()


@pytest.fixture
def site(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Node, Clock]]:
    """A node with every power, and its clock. At the end: live tables == refolded tables."""
    with django_db_blocker.unblock():
        node, clock = lone_node(tmp_path, f"t{next(_numbers)}")
        yield node, clock
        assert_refolds(node)
        close_database(node.alias)


@pytest.fixture
def node(site: tuple[Node, Clock]) -> Node:
    """The node alone."""
    return site[0]


@pytest.fixture
def clock(site: tuple[Node, Clock]) -> Clock:
    """Its clock."""
    return site[1]


def assert_refolds(node: Node) -> None:
    """Live tables equal refolded tables, the audit's too."""
    live = dict(schema.digests(node, audit=True))
    schema.rebuild(node)
    assert dict(schema.digests(node, audit=True)) == live
