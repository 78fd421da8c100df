"""Verbs of the way and of arrival: seen, found unlisted, handed over, lost sight of, closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from corridor.engines import cards
from corridor.journal.append import Draft, already, append
from corridor.journal.kinds import Fact
from corridor.journal.node import Node
from corridor.people.acts import NewHousehold, Refusal, register
from corridor.people.queries import ends_of, household_of_card
from corridor.stops.convoy import entries, models, queries
from corridor.stops.convoy.acts.boarding import LANES
from corridor.stops.convoy.acts.checks import departed

#: What may befall somebody between departure and arrival.
ON_THE_WAY = ("taken_to_care", "left", "held", "died")


def arrive(
    node: Node,
    actor: str,
    convoy_id: str,
    persons: Iterable[str],
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> list[str]:
    """Records that these people were seen at the other end; returns who was not before.

    Who was never scanned aboard but stands there arrives as well: it happened. Where the convoy
    turned back, they get off where they set off, and wait again with all their days.
    """
    with node.transaction():
        if already(node, command):
            return []
        convoy = departed(node, convoy_id)
        fresh = [one for one in dict.fromkeys(persons)
                 if one not in queries.seen_of(node, convoy_id)]  # fmt: skip
        if not fresh:
            raise Refusal(_("These people were marked as arrived already."))
        drafts = _arrived(node, convoy, fresh, at, writer)
        append(node, actor, drafts, command=command)
    return fresh


def scan_arrival(
    node: Node, actor: str, convoy_id: str, typed: str, lane: str = "1", *, command: str = ""
) -> str:
    """A card is held to the scanner at the other end; returns the scan's entry.

    Whoever of its family boarded this convoy is seen. Outcomes: arrived, repeated, not_aboard,
    unknown, unreadable, not_departed.
    """
    with node.transaction():
        if done := already(node, command):
            return done[0]
        number = cards.as_typed(typed)
        whole = cards.is_whole(number)
        household = household_of_card(node, number) if whole else None
        aboard = queries.family_aboard(node, convoy_id, household) if household else []
        seen = queries.seen_of(node, convoy_id)
        fresh = [one for one in aboard if one not in seen]
        convoy = queries.convoy(node, convoy_id)
        if convoy is None or not queries.has_departed(node, convoy_id):
            outcome, fresh = "not_departed", []
        elif household is None:
            outcome = "unknown" if whole else "unreadable"
        elif not aboard:
            outcome = "not_aboard"
        else:
            outcome = "arrived" if fresh else "repeated"
        noted = entries.ScanNoted(
            lane=lane if lane in LANES else "1", phase="arrival", outcome=outcome,
            card=number if whole else "", people=len(fresh),
            typed=None if whole else typed[:60] or None,
        )  # fmt: skip
        drafts = [Draft(noted, convoy_id)]
        if convoy is not None:
            drafts += _arrived(node, convoy, fresh, None, "")
        return append(node, actor, drafts, command=command)[0]


def arrive_by_card(
    node: Node, actor: str, convoy_id: str, typed: str, *, command: str = ""
) -> list[str]:
    """Marks the family of this card, as far as it boarded, as arrived."""
    household = household_of_card(node, typed)
    if household is None:
        raise Refusal(_("No card with this number counts. Mark the people in the list."))
    family = queries.family_aboard(node, convoy_id, household)
    if not family:
        raise Refusal(_("Nobody of this card boarded this convoy. Mark the people in the list."))
    return arrive(node, actor, convoy_id, family, command=command)


def arrive_unlisted(
    node: Node, actor: str, convoy_id: str, household: NewHousehold, *, command: str = ""
) -> tuple[str, ...]:
    """People came who are on no list: registered on the spot, and arrived. Returns their ids."""
    with node.transaction():
        if already(node, command):
            return ()
        convoy = departed(node, convoy_id)
        persons = register(node, actor, [household])[0].persons
        append(node, actor, _arrived(node, convoy, persons, None, ""), command=command)
    return persons


def note_on_the_way(
    node: Node,
    actor: str,
    convoy_id: str,
    persons: Sequence[str],
    what: str,
    place: str = "",
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> None:
    """Somebody was taken to care, left at own wish, was held at a checkpoint, or died."""
    if what not in ON_THE_WAY:
        raise Refusal(_("Choose what happened on the way; nothing was changed."))
    with node.transaction():
        if already(node, command):
            return
        departed(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        if not persons or any(one not in aboard for one in persons):
            raise Refusal(_("Not all of these people boarded this convoy; nothing was changed."))
        ends = ends_of(node, persons)
        drafts = [
            Draft(_on_the_way(what, convoy_id, place), one, over=ends.get(one, ()), at=at,
                  writer=writer)
            for one in persons
        ]  # fmt: skip
        append(node, actor, drafts, command=command)


def crew_leaves(
    node: Node, actor: str, convoy_id: str, persons: Sequence[str], *, command: str = ""
) -> None:
    """Crew leave the convoy on the way, and are not of the crew any more."""
    with node.transaction():
        if already(node, command):
            return
        departed(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        duties = queries.crew(node)
        if not persons or any(one not in aboard or one not in duties for one in persons):
            raise Refusal(_("Not all of these people are crew of this convoy; nothing changed."))
        ends = ends_of(node, persons)
        drafts = [
            Draft(entries.PersonLeftOnTheWay(convoy=convoy_id), one, over=ends.get(one, ()))
            for one in persons
        ]
        drafts += [Draft(entries.CrewLeft(), one) for one in persons]
        append(node, actor, drafts, command=command)


def transfer(
    node: Node,
    actor: str,
    convoy_id: str,
    persons: Sequence[str],
    other: str,
    vehicle: str,
    *,
    command: str = "",
) -> None:
    """On the way, people change to a vehicle of another convoy, or to another one of their own."""
    with node.transaction():
        if already(node, command):
            return
        departed(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        if not persons or any(one not in aboard for one in persons):
            raise Refusal(_("Not all of these people boarded this convoy; nothing was changed."))
        if vehicle not in {one.id for one in queries.vehicles(node, other)}:
            raise Refusal(_("This vehicle does not drive with that convoy; nothing was changed."))
        if queries.has_arrived(node, other):
            raise Refusal(_("That convoy has arrived already; nothing was changed."))
        if all(other == convoy_id and aboard[one] == vehicle for one in persons):
            raise Refusal(_("They ride in this vehicle already; nothing was changed."))
        if gone := queries.seen_of(node, convoy_id) & set(persons):
            said = _("%(count)d of them were seen at the other end already; nothing was changed.")
            raise Refusal(said % {"count": len(gone)})
        ends = ends_of(node, persons)
        what = entries.PersonBoarded(convoy=other, vehicle=vehicle)
        drafts = [Draft(what, one, over=ends.get(one, ())) for one in persons]
        append(node, actor, drafts, command=command)


def close_arrival(
    node: Node,
    actor: str,
    convoy_id: str,
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> int:
    """The convoy has arrived; returns how many boarded and were not seen since."""
    with node.transaction():
        if not already(node, command):
            convoy = departed(node, convoy_id)
            if queries.has_arrived(node, convoy_id):
                raise Refusal(_("The arrival of this convoy was closed already."))
            back = queries.turned_back(node, convoy_id)
            what = entries.ConvoyArrived(site=(convoy.origin if back else convoy.destination) or "")
            draft = Draft(what, convoy_id, at=at, writer=writer)
            append(node, actor, [draft], command=command)
        return len(queries.not_accounted_for(node, convoy_id))


def _arrived(
    node: Node, convoy: models.Convoy, persons: Sequence[str], at: int | None, writer: str
) -> list[Draft]:
    ends = ends_of(node, persons)
    what: Fact
    if queries.turned_back(node, convoy.id):
        what = entries.PersonGotOff(
            convoy=convoy.id, place=convoy.origin or "", reason="turned_back", on_the_way=1
        )
    else:
        what = entries.PersonArrived(convoy=convoy.id, site=convoy.destination or "")
    return [Draft(what, one, over=ends.get(one, ()), at=at, writer=writer) for one in persons]


def _on_the_way(what: str, convoy: str, place: str) -> Fact:
    if what == "taken_to_care":
        return entries.PersonTakenToCare(convoy=convoy, place=place)
    if what == "held":
        return entries.PersonHeld(convoy=convoy, place=place)
    if what == "died":
        return entries.PersonDiedOnTheWay(convoy=convoy)
    return entries.PersonLeftOnTheWay(convoy=convoy)
