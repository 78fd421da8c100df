"""Meetings that a page began: held in the background, progress kept where all workers see it."""

from __future__ import annotations

import threading
import time

import msgspec
from django.db import DatabaseError, connections

from corridor.desk.models import Draft
from corridor.journal.node import Node
from corridor.journal.tables.models import Conflict
from corridor.people.models import Person
from corridor.people.queries import cards_of, persons_of
from corridor.sync import meeting
from corridor.sync.words import faults, why_not_met

KIND = "meeting"
KEPT_MS = 7 * 24 * 60 * 60 * 1000
#: A meeting that said nothing for so long has ended with its process.
SILENT_MS = 3 * 60 * 1000
#: Progress is written down at most so often, in seconds.
EVERY = 0.5
MOST_SHOWN = 50


class Told(msgspec.Struct):
    """How far a meeting is, or what came of it; nothing personal."""

    peer: str = ""
    kept: int = 0
    came: int = 0
    to_come: int = 0
    bodies: int = 0
    went: int = 0
    to_go: int = 0
    compared: bool = True
    equal: bool = False
    tips: str = ""
    conflicts: int = 0
    new_conflicts: int = 0
    kinds: dict[str, int] = {}
    faults: list[str] = []
    why: str = ""


class Differing(msgspec.Struct, frozen=True):
    """A value on which sites differ: of a person, with the household's card, or of a table."""

    person: str
    card: str
    field: str
    table: str


def start(node: Node, actor: str, url: str) -> str:
    """Begins to meet the site at `url`; returns the key of the meeting. Raises `NotMet`."""
    meeting.address(url)
    drafts = Draft.objects.using(node.alias)
    drafts.filter(kind=KIND, changed_ms__lt=node.clock() - KEPT_MS).delete()
    key = node.new_id()
    drafts.create(
        key=key, kind=KIND, actor=actor, state="running", stage="comparing", content="",
        changed_ms=node.clock(),
    )  # fmt: skip
    threading.Thread(target=_hold, args=(node, key, url), daemon=True).start()
    return key


def load(node: Node, key: str) -> tuple[Draft, Told] | None:
    """A meeting and how far it is; None if there is none of this key."""
    row = Draft.objects.using(node.alias).filter(kind=KIND, key=key).first()
    if row is None:
        return None
    if row.state == "running" and node.clock() - row.changed_ms > SILENT_MS:
        row.state = "failed"
    told = msgspec.json.decode(row.content.encode(), type=Told) if row.content else Told()
    return row, told


def differing(node: Node) -> list[Differing]:
    """Values on which sites differ, as many as a page shows."""
    rows = list(
        Conflict.objects.using(node.alias)
        .order_by("record", "id", "field")
        .values_list("id", "record", "field")[:MOST_SHOWN]
    )
    own = Person._meta.db_table
    households = {
        row.id: row.household or ""
        for row in persons_of(node, [i for i, t, _f in rows if t == own])
    }
    cards = cards_of(node, set(households.values()) - {""})
    return [
        Differing(one if table == own else "", cards.get(households.get(one, ""), ""), field, table)
        for one, table, field in rows
    ]


def _hold(node: Node, key: str, url: str) -> None:
    drafts = Draft.objects.using(node.alias).filter(kind=KIND, key=key)
    last = 0.0

    def tell(met: meeting.Met) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY:
            last = time.monotonic()
            drafts.update(stage=met.stage, content=_as_text(met), changed_ms=node.clock())

    try:
        met = meeting.meet(node, url, tell)
        drafts.update(
            state="ready", stage=met.stage, content=_as_text(met), changed_ms=node.clock()
        )
    except meeting.NotMet as failed:
        drafts.update(
            state="failed", stage=failed.why, changed_ms=node.clock(),
            content=msgspec.json.encode(Told(why=failed.why)).decode(),
        )  # fmt: skip
    except DatabaseError:
        _say_full(node, key)
    finally:
        connections[node.alias].close()


def _say_full(node: Node, key: str) -> None:
    """The disk may be full: what was taken in before is kept, and the page says so if it can."""
    try:
        Draft.objects.using(node.alias).filter(kind=KIND, key=key).update(
            state="failed", stage="disk", content=msgspec.json.encode(Told(why="disk")).decode()
        )
    except DatabaseError:
        return


def _as_text(met: meeting.Met) -> str:
    told = Told(
        peer=met.peer, kept=met.kept, came=met.came.new, to_come=met.to_come,
        bodies=met.came.bodies, went=met.went, to_go=met.to_go, compared=met.compared,
        equal=met.equal, tips=met.tips, conflicts=met.conflicts,
        new_conflicts=max(met.conflicts - met.conflicts_before, 0),
        kinds=dict(met.came.kinds.most_common(12)), faults=faults(met.came),
    )  # fmt: skip
    return msgspec.json.encode(told).decode()


def why(told: Told) -> str:
    """Why a meeting ended early."""
    return why_not_met(told.why or "unreachable")
