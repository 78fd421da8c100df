"""Verbs of boarding: a scan or a tap boards a family; each is kept, whatever came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from corridor.engines import cards
from corridor.journal.append import Draft, already, append
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.queries import ends_of, household_of_card
from corridor.stops.convoy import entries, queries
from corridor.stops.convoy.acts.checks import not_departed, not_halted

#: Where cards are held to a scanner at the same time; the women's lane is served by women.
LANES = ("1", "2", "3", "4", "women")

#: What may come of a scan at boarding.
OUTCOMES = (
    "boarded", "repeated", "other_vehicle", "no_seat", "unknown", "unreadable", "halted", "gone",
)  # fmt: skip

#: As much of what was read as is kept.
_LONGEST = 60


def scan(
    node: Node,
    actor: str,
    convoy_id: str,
    typed: str,
    lane: str = "1",
    vehicle: str = "",
    *,
    command: str = "",
) -> str:
    """A card is held to the scanner of a lane, perhaps at one vehicle; returns the scan's entry.

    Whoever of its family holds a seat (on that vehicle) boards. Nothing raises: a wrong, unknown
    or repeated card is kept with its outcome, and the next one can be held at once.
    """
    with node.transaction():
        if done := already(node, command):
            return done[0]
        number = cards.as_typed(typed)
        household = household_of_card(node, number) if cards.is_whole(number) else None
        told = queries.family_seats(node, convoy_id, household) if household else {}
        aboard = queries.aboard_among(node, convoy_id, told)
        outcome, boarding = _outcome(node, convoy_id, number, household, told, aboard, vehicle)
        where = _where(told, boarding or list(told))
        noted = entries.ScanNoted(
            lane=lane if lane in LANES else "1",
            phase="boarding",
            outcome=outcome,
            card=number if cards.is_whole(number) else "",
            people=len(boarding),
            vehicle=where,
            typed=None if cards.is_whole(number) else typed[:_LONGEST] or None,
        )
        drafts = [Draft(noted, convoy_id), *_boarded(node, convoy_id, told, boarding)]
        return append(node, actor, drafts, command=command)[0]


def tap(
    node: Node,
    actor: str,
    convoy_id: str,
    persons: Sequence[str],
    lane: str = "1",
    *,
    command: str = "",
) -> str:
    """These people are tapped on the list instead of scanned; returns the scan's entry."""
    with node.transaction():
        if done := already(node, command):
            return done[0]
        told = {p: v for p, v in queries.seats_told(node, convoy_id).items() if p in set(persons)}
        aboard = queries.aboard_among(node, convoy_id, told)
        outcome, boarding = _outcome(node, convoy_id, "", "tapped", told, aboard, "")
        noted = entries.ScanNoted(
            lane=lane if lane in LANES else "1", phase="boarding", outcome=outcome,
            people=len(boarding), vehicle=_where(told, boarding or list(told)),
        )  # fmt: skip
        drafts = [Draft(noted, convoy_id), *_boarded(node, convoy_id, told, boarding)]
        return append(node, actor, drafts, command=command)[0]


def board(
    node: Node, actor: str, convoy_id: str, persons: Iterable[str], *, command: str = ""
) -> list[str]:
    """Records that these people, who hold seats, are aboard; returns who was not before."""
    with node.transaction():
        if already(node, command):
            return []
        not_departed(node, convoy_id)
        not_halted(node, convoy_id)
        told = queries.seats_told(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        wanted = list(persons)
        if without := [one for one in wanted if one not in told]:
            said = _("%(count)d of these people hold no seat here; nobody boarded.")
            raise Refusal(said % {"count": len(without)})
        fresh = [one for one in wanted if one not in aboard]
        if not fresh:
            raise Refusal(_("These people are aboard already."))
        append(node, actor, _boarded(node, convoy_id, told, fresh), command=command)
    return fresh


def board_by_card(
    node: Node, actor: str, convoy_id: str, typed: str, *, command: str = ""
) -> list[str]:
    """Boards the family that holds this card and has seats; returns who boarded now."""
    number = cards.as_typed(typed)
    if not cards.is_whole(number):
        raise Refusal(_("That is not a whole card number. Look at the card again."))
    household = household_of_card(node, number)
    if household is None:
        raise Refusal(_("No card with this number counts. Send the people to the help desk."))
    family = queries.present_family(node, convoy_id, household)
    if not family:
        raise Refusal(_("This card has no seats on this convoy. Send the people to the help desk."))
    return board(node, actor, convoy_id, [one.id for one in family], command=command)


def _outcome(
    node: Node,
    convoy_id: str,
    number: str,
    household: str | None,
    told: dict[str, str],
    aboard: dict[str, str],
    vehicle: str,
) -> tuple[str, list[str]]:
    """What comes of it, and who boards."""
    if queries.has_departed(node, convoy_id):
        return "gone", []
    if queries.halts(node, convoy_id):
        return "halted", []
    if household is None:
        return ("unknown" if cards.is_whole(number) else "unreadable"), []
    if not told:
        return "no_seat", []
    here = [one for one in told if not vehicle or told[one] == vehicle]
    if not here:
        return "other_vehicle", []
    fresh = [one for one in here if one not in aboard]
    return ("boarded" if fresh else "repeated"), fresh


def _where(told: dict[str, str], persons: Iterable[str]) -> str:
    """The vehicle of these people; empty if there are several."""
    found = {told[one] for one in persons}
    return found.pop() if len(found) == 1 else ""


def _boarded(
    node: Node, convoy_id: str, told: dict[str, str], persons: Sequence[str]
) -> list[Draft]:
    ends = ends_of(node, persons)
    return [
        Draft(
            entries.PersonBoarded(convoy=convoy_id, vehicle=told[one]), one, over=ends.get(one, ())
        )
        for one in persons
    ]
