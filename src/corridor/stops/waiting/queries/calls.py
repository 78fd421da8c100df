"""Who was called forward, when, to which gate, and who came. Read only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corridor.journal.node import Node
from corridor.people import models as people
from corridor.people.queries import cards_of, rows_of
from corridor.stops.waiting import models


@dataclass(frozen=True)
class Called:
    """A group that was called: its card, its people, and what was answered (came, not_yet, "")."""

    card: str
    persons: tuple[str, ...]
    answer: str


def open_calls(node: Node, place: str = "") -> list[models.CallMade]:
    """Calls that are not over, the newest first."""
    ended = models.CallEnded.objects.using(node.alias).values("subject")
    use = models.CallMade.objects.using(node.alias).exclude(subject__in=ended)
    return list((use.filter(place=place) if place else use).order_by("-hlc"))


def all_calls(node: Node, place: str = "") -> list[models.CallMade]:
    """Every call, the newest first."""
    use = models.CallMade.objects.using(node.alias).all()
    return list((use.filter(place=place) if place else use).order_by("-hlc"))


def call(node: Node, identity: str) -> models.CallMade | None:
    """One call, or None."""
    found: models.CallMade | None = (
        models.CallMade.objects.using(node.alias).filter(subject=identity).first()
    )
    return found


def is_over(node: Node, identity: str) -> bool:
    """Whether a call was ended."""
    return models.CallEnded.objects.using(node.alias).filter(subject=identity).exists()


def called_persons(node: Node, calls: Iterable[str]) -> dict[str, list[str]]:
    """Call to the persons called."""
    found: dict[str, list[str]] = {}
    for row in rows_of(models.GroupCalled.objects.using(node.alias), "call", calls):
        found.setdefault(row.call, []).append(row.subject)
    return found


def groups_called(node: Node, identity: str) -> list[Called]:
    """The groups of a call by card; never in the order of the list, which is nobody's business."""
    persons = called_persons(node, [identity]).get(identity, [])
    rows = {
        one.id: one.household or ""
        for one in rows_of(people.Person.objects.using(node.alias), "id", persons)
    }
    answered = {
        row.subject: row.answer
        for row in models.CallAnswered.objects.using(node.alias)
        .filter(call=identity)
        .order_by("hlc", "entry")
    }
    families: dict[str, list[str]] = {}
    for person in persons:
        families.setdefault(rows.get(person, "") or person, []).append(person)
    cards = cards_of(node, [home for home in rows.values() if home])
    found = []
    for home, those in families.items():
        answers = {answered.get(person, "") for person in those}
        answer = "came" if "came" in answers else max(answers)
        found.append(Called(cards.get(home, ""), tuple(sorted(those)), answer))
    return sorted(found, key=lambda one: (one.card, one.persons))


def called_before(node: Node, call: str) -> set[str]:
    """Who of a call was called by an earlier one that is not over yet, here or at another site.

    Two sites may call the same card before they meet. The earlier call counts for everybody: it
    alone is on the board, and somebody who comes to the other gate is welcome there, too.
    """
    calls = sorted(open_calls(node), key=lambda one: (one.hlc, one.subject))
    earlier = [one.subject for one in calls[: [one.subject for one in calls].index(call)]]
    own = set(called_persons(node, [call]).get(call, ()))
    others = called_persons(node, earlier).values()
    return own & {person for those in others for person in those}


def waits_for_call(node: Node, place: str) -> set[str]:
    """Persons who are called already and have not answered."""
    calls = [one.subject for one in open_calls(node, place)]
    return {person for those in called_persons(node, calls).values() for person in those}
