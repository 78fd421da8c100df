"""Questions about saved mappings. Read only."""

from __future__ import annotations

import msgspec

from corridor.journal.node import Node
from corridor.people.intake.mapping import Mapping, read_mapping
from corridor.people.intake.problems import Refused
from corridor.people.lists.models import ListMapping


def mappings(node: Node) -> list[ListMapping]:
    """Saved mappings that are still offered, by name."""
    rows = ListMapping.objects.using(node.alias).exclude(content=None).exclude(gone="yes")
    return list(rows.order_by("name", "id"))


def named(node: Node, name: str) -> ListMapping | None:
    """The mapping of this name (or id) that was changed last."""
    found = [one for one in mappings(node) if name in (one.name, one.id)]
    return max(found, key=lambda one: one.updated_hlc) if found else None


def content_of(row: ListMapping) -> Mapping:
    """The mapping itself. Raises `Refused`."""
    return read_mapping((row.content or "").encode())


class Finder:
    """Finds the mapping whose sheets all stand in a file, by the names of their columns.

    `found` is the one it found; of several, the one that reads most columns, then the newest.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self.found: ListMapping | None = None

    def __call__(self, rows: set[tuple[str, ...]]) -> Mapping | None:
        """The mapping for a file that has these rows near its tops, or None."""
        best: tuple[int, int] = (0, 0)
        chosen: Mapping | None = None
        for one in mappings(self._node):
            headers = [tuple(row) for row in msgspec.json.decode(one.headers or "[]")]
            rank = (sum(map(len, headers)), one.updated_hlc)
            if not headers or not set(headers) <= rows or rank <= best:
                continue
            try:
                chosen, best, self.found = content_of(one), rank, one
            except Refused:
                continue  # written by a later version, with fields that are not known here
        return chosen
