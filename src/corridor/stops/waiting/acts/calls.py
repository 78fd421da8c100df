"""Calling groups forward to a gate: by card, never by name; who does not come keeps their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.people.queries import household_of_card, members
from corridor.stops.waiting.acts.places import pickup_or_refuse
from corridor.stops.waiting.entries import CallAnswered, CallEnded, CallMade, GroupCalled
from corridor.stops.waiting.queries import Line, calls, members_of

MOST_PEOPLE = 2000

#: So many families are looked up together while a call is filled.
_AT_ONCE = 50


def call_forward(
    node: Node,
    actor: str,
    place: str,
    gate: str,
    people: int = 0,
    *,
    persons: Iterable[str] = (),
    come_ms: int | None = None,
    until_ms: int | None = None,
    command: str = "",
) -> str:
    """Calls the groups that stand first, up to so many people, whole families; returns the call.

    Nobody is passed over: the first group that no longer fits ends the call. With `persons` those
    groups are called who hold seats. Whoever is called already and has not answered is not called
    twice.
    """
    refuse_while_joining(node)
    if not gate.strip() or len(gate) > 40:
        raise Refusal(_("Name the gate in a few letters; nobody was called."))
    if come_ms is not None and until_ms is not None and until_ms <= come_ms:
        raise Refusal(_("The call would end before it begins; nobody was called."))
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return done[command]
        pickup_or_refuse(node, place)
        wanted = list(persons) or _first(node, place, people)
        if not wanted:
            raise Refusal(_("Nobody waits who is not called already."))
        identity = node.new_id()
        made = CallMade(place=place, gate=gate.strip(), come_ms=come_ms, until_ms=until_ms)
        drafts = [Draft(made, identity)]
        drafts += [Draft(GroupCalled(call=identity, place=place), one) for one in wanted]
        append(node, actor, drafts, command=command)
    return identity


def _first(node: Node, place: str, people: int) -> list[str]:
    if not 0 < people <= MOST_PEOPLE:
        raise Refusal(
            _("Say for how many people there is room, from 1 to %(most)d.") % {"most": MOST_PEOPLE}
        )
    called = calls.waits_for_call(node, place)
    chosen: list[str] = []
    for persons in _in_order(node, place):
        if called & set(persons):
            continue
        if len(chosen) + len(persons) > people:
            if not chosen:
                raise Refusal(_("The first family needs more room than that; nobody was called."))
            break
        chosen += persons
    return chosen


def _in_order(node: Node, place: str) -> Iterator[tuple[str, ...]]:
    """The families of the list one after the other, looked up a few at a time."""
    line = Line(node, place)
    for start in range(0, len(line), _AT_ONCE):
        some = line[start : start + _AT_ONCE]
        held = members_of(node, some)
        yield from (held[one] for one in some)


def answer_by_card(
    node: Node, actor: str, call: str, typed: str, *, command: str = ""
) -> list[str]:
    """The group of this card came to the gate; returns who of it was called."""
    household = household_of_card(node, typed)
    if household is None:
        raise Refusal(_("No card with this number counts. Look at the card again."))
    called = set(calls.called_persons(node, [call]).get(call, ()))
    family = [one.id for one in members(node, household) if one.id in called]
    if not family:
        raise Refusal(_("This card was not called here. Its place on the list stays as it is."))
    answer(node, actor, call, family, "came", command=command)
    return family


def answer(
    node: Node, actor: str, call: str, persons: Iterable[str], said: str, *, command: str = ""
) -> None:
    """Records that called people came (`came`), or that this was a mistake (`not_yet`)."""
    if said not in ("came", "not_yet"):
        raise Refusal(_("Choose an answer; nothing was changed."))
    with node.transaction():
        if calls.call(node, call) is None or calls.is_over(node, call):
            raise Refusal(_("This call is over; nothing was changed."))
        drafts = [Draft(CallAnswered(call=call, answer=said), one) for one in persons]
        append(node, actor, drafts, command=command)


def end_call(node: Node, actor: str, call: str, *, command: str = "") -> int:
    """Ends a call; returns how many people did not come and keep their place."""
    with node.transaction():
        if calls.call(node, call) is None or calls.is_over(node, call):
            raise Refusal(_("This call is over; nothing was changed."))
        append(node, actor, [Draft(CallEnded(), call)], command=command)
        groups = calls.groups_called(node, [call])[call]
    return sum(len(group.persons) for group in groups if group.answer != "came")
