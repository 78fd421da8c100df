"""At the tailgate and at the other end: families, scans, head counts, children. Read only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count

from corridor.journal.node import Node
from corridor.journal.tables import reading
from corridor.people import models as people_models
from corridor.people.confided.queries import carers_of
from corridor.people.queries import accounts, day_of, is_child_on, persons_of, rows_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import aboard_of, seats_told
from corridor.stops.convoy.queries.fleet import vehicles


def family_seats(node: Node, convoy_id: str, household: str) -> dict[str, str]:
    """Members of a household who hold a place on a convoy, and on which vehicle."""
    columns = ("hlc", "entry", "person", "convoy", "vehicle")
    found = reading.values(node.alias, models.Seat, columns, "person", _members(node, household))
    return {
        person: vehicle
        for _hlc, _entry, person, convoy, vehicle in sorted(found)
        if convoy == convoy_id
    }


def family_aboard(node: Node, convoy_id: str, household: str) -> list[str]:
    """Members of a household who boarded a convoy."""
    use = models.Aboard.objects.using(node.alias).filter(convoy=convoy_id)
    rows = use.filter(person__in=_members(node, household))
    return sorted(set(rows.values_list("person", flat=True)))


def aboard_among(node: Node, convoy_id: str, persons: Collection[str]) -> dict[str, str]:
    """Those of these persons who are aboard a convoy, and on which vehicle."""
    columns = ("person", "convoy", "vehicle")
    found = reading.values(node.alias, models.Aboard, columns, "person", persons)
    return {person: vehicle for person, convoy, vehicle in found if convoy == convoy_id}


def seen_of(node: Node, convoy_id: str) -> set[str]:
    """Persons seen where the convoy ended: at the other end, or back where it set off."""
    arrived = models.PersonArrived.objects.using(node.alias).filter(convoy=convoy_id)
    back = models.PersonGotOff.objects.using(node.alias).filter(convoy=convoy_id, on_the_way=1)
    return {*arrived.values_list("subject", flat=True), *back.values_list("subject", flat=True)}


def scan_of(node: Node, convoy_id: str, entry: str) -> models.ScanNoted | None:
    """One scan of a convoy, or None."""
    use = models.ScanNoted.objects.using(node.alias)
    return use.filter(subject=convoy_id, entry=entry).first()


def scans(node: Node, convoy_id: str, most: int = 0) -> list[models.ScanNoted]:
    """Every scan of a convoy, the newest first."""
    use = models.ScanNoted.objects.using(node.alias).filter(subject=convoy_id)
    rows = use.order_by("-hlc", "-entry")
    return list(rows[:most] if most else rows)


def scans_by_outcome(node: Node, convoy_id: str) -> dict[tuple[str, str], int]:
    """(lane, outcome) to the number of scans."""
    use = models.ScanNoted.objects.using(node.alias).filter(subject=convoy_id)
    rows = use.values_list("lane", "outcome").annotate(Count("entry"))
    return {(lane, outcome): number for lane, outcome, number in rows}


def adults_of(node: Node, children: Iterable[str]) -> dict[str, set[str]]:
    """Child to the grown people it is bound to: by a claim, or else those of its household."""
    rows = persons_of(node, children)
    claimed = carers_of(node, [row.id for row in rows])
    homes = {row.household for row in rows if row.household}
    use = people_models.Person.objects.using(node.alias)
    grown: dict[str, set[str]] = {}
    for row in rows_of(use, "household", homes):
        if not is_child(node, row):
            grown.setdefault(row.household or "", set()).add(row.id)
    found = {}
    for row in rows:
        bound = {one.carer for one in claimed.get(row.id, ())}
        found[row.id] = bound or grown.get(row.household or "", set())
    return found


def is_child(node: Node, person: people_models.Person) -> bool:
    """Whether somebody is under eighteen by all that is known of their age (STD 6.3)."""
    return is_child_on(person, day_of(node.clock()))


@dataclass(frozen=True)
class LoneChild:
    """A child seen at the other end without any adult it is bound to; perhaps handed over."""

    child: str
    adults: tuple[str, ...]
    released: models.ChildReleased | None
    withheld: tuple[models.ChildWithheld, ...] = ()


def released_of(node: Node, convoy_id: str) -> dict[str, models.ChildReleased]:
    """Child to the fact that it was handed over, the latest one."""
    use = models.ChildReleased.objects.using(node.alias).filter(convoy=convoy_id)
    return {row.subject: row for row in use.order_by("hlc", "entry")}


def lone_children(node: Node, convoy_id: str) -> list[LoneChild]:
    """Children who came without an adult they are bound to, and whom they were handed to."""
    seen = seen_of(node, convoy_id)
    children = [row.id for row in persons_of(node, seen) if is_child(node, row)]
    released = released_of(node, convoy_id)
    asked: dict[str, list[models.ChildWithheld]] = {}
    refused = models.ChildWithheld.objects.using(node.alias).filter(convoy=convoy_id)
    for row in refused.order_by("hlc", "entry"):
        asked.setdefault(row.subject, []).append(row)
    bound = adults_of(node, children)
    return [
        LoneChild(
            child, tuple(sorted(bound.get(child, ()))), released.get(child),
            tuple(asked.get(child, ())),
        )
        for child in children
        if not bound.get(child, set()) & seen or child in released or child in asked
    ]  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """Numbers of one vehicle (or of the convoy) side by side; None where nobody counted."""

    vehicle: str
    label: str
    told: int
    scanned: int
    heads: int | None
    heads_by: str
    seen: int
    tally: int | None
    tally_by: str

    @property
    def differs_aboard(self) -> int:
        """Heads counted before leaving less scans; 0 where nobody counted."""
        return 0 if self.heads is None else self.heads - self.scanned

    @property
    def differs_seen(self) -> int:
        """Heads counted at the end less scans there; 0 where nobody counted."""
        return 0 if self.tally is None else self.tally - self.seen


def tallies(node: Node, convoy_id: str) -> list[Tally]:
    """Each vehicle's numbers, then those of the whole convoy (its vehicle is empty)."""
    told, aboard = seats_told(node, convoy_id), aboard_of(node, convoy_id)
    seen = seen_of(node, convoy_id)
    counted = _counted(node, convoy_id)
    found = []
    for one in [*vehicles(node, convoy_id), None]:
        key = one.id if one else ""
        before, after = counted.get((key, "before")), counted.get((key, "after"))
        found.append(Tally(
            key,
            (one.label or "") if one else "",
            sum(1 for where in told.values() if not key or where == key),
            sum(1 for where in aboard.values() if not key or where == key),
            before.count if before else None,
            before.actor if before else "",
            sum(1 for who in seen if not key or aboard.get(who) == key),
            after.count if after else None,
            after.actor if after else "",
        ))  # fmt: skip
    return found


def _counted(node: Node, convoy_id: str) -> dict[tuple[str, str], models.HeadsCounted]:
    use = models.HeadsCounted.objects.using(node.alias).filter(subject=convoy_id)
    return {
        (row.vehicle, "after" if row.phase == "arrival" else "before"): row
        for row in use.exclude(phase="checkpoint").order_by("hlc", "entry")
    }


def heads_on_the_way(node: Node, convoy_id: str) -> list[models.HeadsCounted]:
    """Heads counted at checkpoints, the first one first."""
    use = models.HeadsCounted.objects.using(node.alias).filter(subject=convoy_id)
    return list(use.filter(phase="checkpoint").order_by("hlc", "entry"))


def still_riding(node: Node, convoy_id: str) -> dict[str, str]:
    """Person to vehicle: who set off and is neither seen at the end nor gone on the way."""
    aboard = aboard_of(node, convoy_id)
    riding = {
        record
        for one in accounts(node, aboard)
        if one.state == "aboard" and one.journey == convoy_id
        for record in one.records
    }
    gone = seen_of(node, convoy_id)
    return {one: where for one, where in aboard.items() if one in riding and one not in gone}


def told_of(node: Node, convoy_id: str) -> list[models.SeatTold | models.SeatReleased]:
    """Every seat told and given back on a convoy, the newest first: who was told what, when."""
    told = models.SeatTold.objects.using(node.alias).filter(convoy=convoy_id)
    released = models.SeatReleased.objects.using(node.alias).filter(convoy=convoy_id)
    return sorted([*told, *released], key=lambda row: (-row.hlc, row.entry))


def _members(node: Node, household: str) -> list[str]:
    found = reading.values(node.alias, people_models.Person, ("id",), "household", [household])
    return [person for (person,) in found]
