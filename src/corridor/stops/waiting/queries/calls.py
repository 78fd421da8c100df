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
    """A group that was called: its card, its people, and what was answered (came, not_yet, "").

    `before`: an earlier call that is not over called some of them, too, here or at another site.
    Two sites may call the same card before they meet. The earlier call counts for everybody: it
    alone is on the board, and somebody who comes to the other gate is welcome there, too.
    """

    card: str
    persons: tuple[str, ...]
    answer: str
    before: bool = False


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


def groups_called(node: Node, calls: Iterable[str]) -> dict[str, list[Called]]:
    """Call to its groups by card; never in the order of the list, which is nobody's business."""
    wanted = list(calls)
    in_turn = sorted(open_calls(node), key=lambda one: (one.hlc, one.subject))
    persons = called_persons(node, {*wanted, *(one.subject for one in in_turn)})
    twice: dict[str, set[str]] = {}
    seen: set[str] = set()
    for one in in_turn:
        own = set(persons.get(one.subject, ()))
        twice[one.subject] = own & seen
        seen |= own
    everybody = {person for call in wanted for person in persons.get(call, ())}
    use = people.Person.objects.using(node.alias)
    homes = {one.id: one.household or "" for one in rows_of(use, "id", everybody)}
    cards = cards_of(node, {home for home in homes.values() if home})
    answers: dict[tuple[str, str], str] = {}
    answered = rows_of(models.CallAnswered.objects.using(node.alias), "call", wanted)
    for row in sorted(answered, key=lambda row: (row.hlc, row.entry)):
        answers[row.call, row.subject] = row.answer
    found = {}
    for call in wanted:
        families: dict[str, list[str]] = {}
        for person in persons.get(call, ()):
            families.setdefault(homes.get(person, "") or person, []).append(person)
        found[call] = sorted(
            (
                Called(
                    cards.get(home, ""),
                    tuple(sorted(those)),
                    _answer_of({answers.get((call, person), "") for person in those}),
                    bool(twice.get(call, set()) & set(those)),
                )
                for home, those in families.items()
            ),
            key=lambda one: (one.card, one.persons),
        )
    return found


def _answer_of(answers: set[str]) -> str:
    """Of a group: one who came is enough."""
    return "came" if "came" in answers else max(answers)


def waits_for_call(node: Node, place: str) -> set[str]:
    """Persons who are called already and have not answered."""
    calls = [one.subject for one in open_calls(node, place)]
    return {person for those in called_persons(node, calls).values() for person in those}
