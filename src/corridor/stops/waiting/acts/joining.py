"""Joining the list, moving to another pick-up point, and being assessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.desk.team import actor_called
from corridor.desk.words import state_word
from corridor.engines.urgency import Urgency, assess
from corridor.journal import trust
from corridor.journal.append import Draft, already, append
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.people.queries import (
    accounts,
    ends_of,
    household_of_card,
    members,
    persons_of,
    rows_of,
)
from corridor.people.whereabouts import find_out, records_of
from corridor.stops.waiting import models
from corridor.stops.waiting.acts.places import pickup_or_refuse
from corridor.stops.waiting.entries import PaperListEntered, UrgencyAssessed, WaitingJoined
from corridor.stops.waiting.queries.facts import as_reasons, facts_of
from corridor.stops.waiting.queries.rule import rule_in_force

#: Who is in one of these states may join the list (again).
MAY_JOIN = (
    "registered",
    "turned_away",
    "chose_to_stay",
    "prevented_from_leaving",
    "left_at_own_wish",
    "referred",
    "taken_aside",
    "at_site",
)

#: So many people are assessed in one transaction: nobody waits long for the others.
BATCH = 500


@dataclass(frozen=True)
class BatchRow:
    """What became of one line of a paper list: how many joined, or why nobody did."""

    row: int
    card: str
    joined: int
    problem: str


def join(
    node: Node,
    actor: str,
    persons: Iterable[str],
    place: str,
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> list[str]:
    """Puts people on the waiting list of a pick-up point and assesses how urgent they are.

    Raises `Refusal` if somebody cannot wait (aboard, dead, waiting already); then nobody joins.
    `at` is when a paper says that it was written, `writer` the actor who wrote it, if known here.
    """
    wanted = list(persons)
    with node.transaction():
        if done := already(node, command):
            return done
        _refuse_unless_free(node, wanted)
        drafts = _joinings(node, wanted, place, at=at, writer=writer)
        drafts += _assessments(node, wanted)
        return append(node, actor, drafts, command=command)


def join_by_card(
    node: Node,
    actor: str,
    typed: str,
    place: str,
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> list[str]:
    """Puts those members of a card's household on the list who may join; returns them."""
    household = household_of_card(node, typed)
    if household is None:
        raise Refusal(_("No card with this number counts. Look at the card again."))
    return join_household(node, actor, household, place, at=at, writer=writer, command=command)


def join_household(
    node: Node,
    actor: str,
    household: str,
    place: str,
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> list[str]:
    """Puts those members of a household on the list who may join; returns them."""
    with node.transaction():
        if already(node, command):
            return []
        persons = [one.id for one in members(node, household)]
        states = _states(node, persons)
        free = [person for person in persons if states.get(person) in MAY_JOIN]
        if not free:
            raise Refusal(_("Everybody of this card waits already, or has left."))
        join(node, actor, free, place, at=at, writer=writer, command=command)
    return free


def join_batch(
    node: Node,
    actor: str,
    lines: Sequence[str],
    place: str,
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> list[BatchRow]:
    """Enters a paper list of card numbers; each line counts by itself, and none is lost silently.

    `writer` is what its writer is called: the name is kept with the list, and each line names the
    actor of the team who is called so. The same command again records nothing twice.
    """
    pickup_or_refuse(node, place)
    by = actor_called(node, writer)
    cards = sum(1 for line in lines if line.strip())
    listed = PaperListEntered(cards=cards, written_by=writer.strip() or None)
    sheet = Draft(listed, place, at=at, precision="minute", writer=by)
    append(node, actor, [sheet], command=command)
    found = []
    for number, line in enumerate(lines, 1):
        card = line.strip()
        if not card:
            continue
        tap = f"{command}-{number}"[:64] if command else ""
        try:
            joined = join_by_card(node, actor, card, place, at=at, writer=by, command=tap)
            found.append(BatchRow(number, card, len(joined), ""))
        except Refusal as refusal:
            found.append(BatchRow(number, card, 0, str(refusal)))
    return found


def move_to(
    node: Node, actor: str, persons: Iterable[str], place: str, *, command: str = ""
) -> list[str]:
    """Moves people who wait to another pick-up point; their days and their lot stay theirs."""
    wanted = list(dict.fromkeys(persons))
    with node.transaction():
        if already(node, command):
            return wanted
        pickup_or_refuse(node, place)
        states = _states(node, wanted)
        if not wanted or any(states.get(person) != "waiting" for person in wanted):
            raise Refusal(_("Only people who wait can be moved; nothing was changed."))
        append(node, actor, _joinings(node, wanted, place), command=command)
    return wanted


def found_waiting(
    node: Node, actor: str, person: str, why: str, place: str, words: str, *, command: str = ""
) -> None:
    """Closes an open loop: the person never left and waits at a place, with all their days."""
    with node.transaction():
        pickup_or_refuse(node, place)
        drafts = _joinings(node, [person], place)
        find_out(node, actor, person, why, "waiting", words=words, instead=drafts, command=command)


def assess_again(node: Node, actor: str, persons: Iterable[str] | None = None) -> list[str]:
    """Assesses people who wait by the rule in force and what is known now; all, if none are named.

    Only classes or reasons that changed are recorded. Returns whose class changed.
    """
    turns = models.Turn.objects.using(node.alias)
    if persons is None:
        wanted = sorted(turns.values_list("person", flat=True))
    else:
        wanted = sorted({row.person for row in rows_of(turns, "person", persons)})
    moved: list[str] = []
    for start in range(0, len(wanted), BATCH):
        with node.transaction():
            some = wanted[start : start + BATCH]
            before = {
                row.person: row
                for row in rows_of(models.NeedClass.objects.using(node.alias), "person", some)
            }
            drafts = [
                one
                for one in _assessments(node, some)
                if _differs(before.get(one.subject), one.what)
            ]
            append(node, actor, drafts)
            moved += [
                one.subject
                for one in drafts
                if one.subject not in before
                or before[one.subject].urgency != getattr(one.what, "urgency", None)
            ]
    return moved


def assess_changed(node: Node, actor: str, persons: list[str]) -> None:
    """Somebody's needs, age or way to travel were changed: whoever waits is assessed anew.

    Not while this site is joining: it may not hold the rule in force.
    """
    if trust.is_joining(node):
        return
    if models.Turn.objects.using(node.alias).filter(person__in=persons[:BATCH]).exists():
        assess_again(node, actor, persons)


def _differs(before: models.NeedClass | None, now: object) -> bool:
    assert isinstance(now, UrgencyAssessed)
    return before is None or (before.urgency, before.reasons) != (now.urgency, now.reasons)


def _joinings(
    node: Node, persons: Sequence[str], place: str, *, at: int | None = None, writer: str = ""
) -> list[Draft]:
    """A joining for each person, and for each linked record that stands somewhere."""
    records = records_of(node, persons)
    asked = set(persons)
    moving = list(dict.fromkeys(r for p in persons for r in (p, *records.get(p, ()))))
    ends = ends_of(node, moving)
    return [
        Draft(WaitingJoined(place=place), one, over=ends.get(one, ()), at=at, writer=writer)
        for one in moving
        if one in asked or one in ends
    ]


def _refuse_unless_free(node: Node, persons: list[str]) -> None:
    states = _states(node, persons)
    for person in persons:
        state = states.get(person)
        if state is None:
            raise Refusal(_("One of these people is not registered here; nobody joined the list."))
        if state not in MAY_JOIN:
            said = _("One of these people is %(state)s; nobody joined the list.")
            raise Refusal(said % {"state": state_word(state)})
    if any(row.source == "crew" for row in persons_of(node, persons)):
        raise Refusal(_("Crew ride without waiting; nobody joined the list."))


def _states(node: Node, persons: list[str]) -> dict[str, str]:
    """Person to the state of the human being, all linked records taken together."""
    return {record: one.state for one in accounts(node, persons) for record in one.records}


def _assessments(node: Node, persons: list[str]) -> list[Draft]:
    refuse_while_joining(node)
    rule = rule_in_force(node)
    facts = facts_of(node, persons)
    drafts = []
    for person in persons:
        if person in facts:
            drafts.append(Draft(_entry(assess(facts[person], rule.content), rule.entry), person))
    return drafts


def _entry(found: Urgency, rule: str) -> UrgencyAssessed:
    return UrgencyAssessed(rule=rule, urgency=found.urgency, reasons=as_reasons(found))
