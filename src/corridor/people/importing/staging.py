"""Lists at hand: kept in the encrypted database from the first look until everybody is in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.importing.models import ListAtHand, ListPiece, ListProblem
from corridor.people.intake import Problem
from corridor.people.intake.mapping import Mapping, read_mapping

PIECE = 1 << 20

#: A list that nobody touched for so long is thrown away.
KEPT_MS = 3 * 24 * 60 * 60 * 1000

#: Who works at a list says so at least so often; else it was ended with its process.
SILENT_MS = 20_000

BUSY = ("checking", "bringing")


def take_in(node: Node, actor: str, file: UploadedFile[Any]) -> ListAtHand:
    """Keeps an upload."""
    now = node.clock()
    clear_old(node)
    key = node.new_id()
    with node.transaction():
        row = ListAtHand(
            key=key, actor=actor, name=file.name or "", size=file.size or 0, changed_ms=now
        )
        row.save(using=node.alias)
        file.seek(0)
        for n, raw in enumerate(iter(lambda: file.read(PIECE), b"")):
            ListPiece(list=row, n=n, raw=raw).save(using=node.alias)
    return row


def clear_old(node: Node) -> None:
    """Throws away what nobody touched for days."""
    use = ListAtHand.objects.using(node.alias)
    for row in use.filter(changed_ms__lt=node.clock() - KEPT_MS):
        drop(node, row.key)


def at_hand(node: Node, key: str) -> ListAtHand:
    """The list. One whose worker went silent counts as stopped. Raises `Refusal`."""
    row = ListAtHand.objects.using(node.alias).filter(key=key).first()
    if row is None:
        raise Refusal(_("This list is at hand no more. Bring it in again: nobody comes in twice."))
    if row.state in BUSY and row.beat_ms < node.clock() - SILENT_MS:
        row.state = "stopped" if row.state == "bringing" else "open"
        row.save(using=node.alias, update_fields=["state"])
    return row


def lists_at_hand(node: Node) -> list[ListAtHand]:
    """Lists that are not in yet, the newest first."""
    use = ListAtHand.objects.using(node.alias).exclude(state="done")
    return list(use.order_by("-changed_ms")[:50])


def change(node: Node, key: str, **values: Any) -> None:
    """Notes how far a list is."""
    use = ListAtHand.objects.using(node.alias).filter(key=key)
    use.update(changed_ms=node.clock(), **values)


def drop(node: Node, key: str) -> None:
    """Throws a list away, with its file and its problems."""
    with node.transaction():
        drop_file(node, key)
        ListAtHand.objects.using(node.alias).filter(key=key).delete()


def drop_file(node: Node, key: str) -> None:
    """Throws the file away and what was found in it: everybody is in."""
    ListPiece.objects.using(node.alias).filter(list=key)._raw_delete(node.alias)
    ListProblem.objects.using(node.alias).filter(list=key)._raw_delete(node.alias)


def mapping_of(row: ListAtHand) -> Mapping | None:
    """How a person said that the list is read, or None."""
    return read_mapping(row.mapping.encode()) if row.mapping else None


@contextmanager
def file_of(node: Node, key: str) -> Iterator[Path]:
    """A path under which the file can be read until the block ends; it is on no disk."""
    descriptor = os.memfd_create("list", os.MFD_CLOEXEC)
    try:
        pieces = ListPiece.objects.using(node.alias).filter(list=key).order_by("n")
        with os.fdopen(os.dup(descriptor), "wb") as copy:
            for raw in pieces.values_list("raw", flat=True).iterator(4):
                copy.write(bytes(raw))
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


class ProblemKeeper:
    """Writes problems of a look into their table, some at a time."""

    def __init__(self, node: Node, key: str) -> None:
        self._node, self._key = node, key
        self._new: list[ListProblem] = []
        ListProblem.objects.using(node.alias).filter(list=key)._raw_delete(node.alias)

    def tell(self, one: Problem) -> None:
        """Keeps one problem."""
        said = one.as_json()
        self._new.append(
            ListProblem(
                list_id=self._key, sheet=one.sheet, row=one.row, column=one.column,
                value=one.value, problem=one.problem, severity=one.severity,
                params=_json(said["params"]),
            )
        )  # fmt: skip
        if len(self._new) >= 500:
            self.write()

    def write(self) -> None:
        """Writes what was kept."""
        with self._node.transaction():
            ListProblem.objects.using(self._node.alias).bulk_create(self._new)
        self._new.clear()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
