"""What is open about people: who owns it, when it is due, and how long it has been left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.desk.navigation import Open
from corridor.journal import actors, rules
from corridor.journal.node import Node
from corridor.journal.store import marks
from corridor.journal.tables.models import RoleGranted
from corridor.people import models
from corridor.people.queries import Account, accounts, rows_of
from corridor.people.whereabouts import closings

HOUR_MS = 60 * 60 * 1000

#: After how many hours each sort is due, until the operation publishes its own ("loops"). No
#: standard gives hours (STD 2.6 says only that a movement stays open), so they are a setting.
RULE = "loops"
STARTING_HOURS = {"not_accounted_for": 2, "two_places": 12, "taken_aside": 12, "referred": 24}

#: In these states something is open by itself.
_OPEN_STATES = ("not_accounted_for", "taken_aside", "referred")

WHY = {
    "not_accounted_for": gettext_lazy("not accounted for"),
    "two_places": gettext_lazy("at two places"),
    "taken_aside": gettext_lazy("taken aside, without word since"),
    "referred": gettext_lazy("referred, and not yet received"),
}


@dataclass(frozen=True)
class Loop:
    """Something open about somebody.

    `person` is the record by which it is closed and `movement` the entry that is open; `owner` an
    actor or "", `followed` how often somebody asked already. `hours` is how long this sort may
    wait: as long again after it was due, and it is escalated.
    """

    why: str
    account: Account
    person: str
    movement: str
    due_ms: int
    owner: str
    followed: int
    hours: int

    def level(self, now_ms: int) -> str:
        """`open`, `due`, or `escalated` where it was left for as long again."""
        if now_ms < self.due_ms:
            return "open"
        return "due" if now_ms < self.due_ms + self.hours * HOUR_MS else "escalated"


def hours_in_force(node: Node) -> Mapping[str, int]:
    """After how many hours each sort of loop is due."""
    found = rules.in_force(node, RULE)
    said = found.content if found else {}
    return {
        why: int(said.get(why, hours)) if isinstance(said, dict) else hours
        for why, hours in STARTING_HOURS.items()
    }


def open_loops(node: Node, persons: Iterable[str] | None = None) -> list[Loop]:
    """Everything that somebody must still find out, the one due first at the top."""
    use = models.Whereabouts.objects.using(node.alias)
    wanted = _maybe_open(node) if persons is None else set(persons)
    found = {
        row.person: row
        for row in rows_of(use, "person", wanted)
        if row.state in _OPEN_STATES or row.ends > 1
    }
    words = {row.movement for row in closings(node, found) if row.outcome == "in_care"}
    loops: list[tuple[str, Account, models.Whereabouts]] = []
    for account in accounts(node, found):
        own = [found[one] for one in account.records if one in found]
        for why, row in _open_of(account, own):
            if row.entry not in words:
                loops.append((why, account, row))
    return _with_owners(node, loops)


def _maybe_open(node: Node) -> set[str]:
    """Persons with something open by their own record alone; each half has an index of its own."""
    use = "SELECT person FROM people_whereabouts WHERE"
    with node.cursor() as cursor:
        cursor.execute(
            f"{use} ends > 1 UNION {use} state IN ({marks(len(_OPEN_STATES))})", _OPEN_STATES
        )
        return {person for (person,) in cursor.fetchall()}


def _open_of(
    account: Account, own: list[models.Whereabouts]
) -> Iterable[tuple[str, models.Whereabouts]]:
    """Which sorts are open of one human being, with the row by which each is closed."""
    if account.state in _OPEN_STATES:
        row = next((one for one in own if one.state == account.state), None)
        if row is not None:
            yield account.state, row
    if account.ends > 1:
        row = next((one for one in own if one.ends > 1), None)
        if row is not None:
            yield "two_places", row


def _with_owners(node: Node, loops: list[tuple[str, Account, models.Whereabouts]]) -> list[Loop]:
    """Adds who owns each, and when it is due by the last asking or by the published hours."""
    movements = {row.entry for _why, _account, row in loops}
    owners: dict[str, models.LoopAssigned] = {}
    for one in rows_of(models.LoopAssigned.objects.using(node.alias), "movement", movements):
        owners[one.movement] = max(owners.get(one.movement, one), one, key=_order)
    asked: dict[str, list[models.LoopFollowed]] = {}
    for row in rows_of(models.LoopFollowed.objects.using(node.alias), "movement", movements):
        asked.setdefault(row.movement, []).append(row)
    hours = hours_in_force(node)
    made = []
    for why, account, row in loops:
        followed = asked.get(row.entry, [])
        last = max(followed, key=_order, default=None)
        due = last.due_ms if last is not None else row.since_ms + hours[why] * HOUR_MS
        owner = owners[row.entry].owner if row.entry in owners else ""
        made.append(
            Loop(why, account, row.person, row.entry, due, owner, len(followed), hours[why])
        )
    return sorted(made, key=lambda one: (one.due_ms, one.person, one.why))


def _order(row: models.LoopAssigned | models.LoopFollowed) -> tuple[int, str]:
    return (row.hlc, row.entry)


def history(node: Node, loop: Loop) -> list[models.LoopFollowed]:
    """Who asked already and what they heard, the newest first."""
    rows = models.LoopFollowed.objects.using(node.alias).filter(movement=loop.movement)
    return sorted(rows, key=_order, reverse=True)


def team(node: Node) -> list[tuple[str, str]]:
    """Everybody of the team who may be asked to find something out, by name."""
    now = node.clock()
    known = set(RoleGranted.objects.using(node.alias).values_list("subject", flat=True))
    found = [(one, actors.name_of(node, one)) for one in known if actors.roles_of(node, one, now)]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def still_open(node: Node) -> Open:
    """For the first page: how many loops somebody must still close."""
    loops = open_loops(node)
    now = node.clock()
    if any(one.level(now) != "open" for one in loops):
        return Open(len(loops), _("to be found out, some of it due"), "bad")
    if loops:
        return Open(len(loops), _("to be found out"), "wait")
    return Open(0, _("everybody is accounted for"), "good")


def mine(node: Node, actor: str) -> Open | None:
    """For the first page of a member of the team: what they were asked to find out."""
    own = [one for one in open_loops(node) if one.owner == actor]
    if not own:
        return None
    due = any(one.level(node.clock()) != "open" for one in own)
    return Open(len(own), _("asked of you to find out"), "bad" if due else "wait")
