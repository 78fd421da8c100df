"""Verbs of the waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _

from corridor.desk.words import state_word
from corridor.engines import urgency
from corridor.journal import rules
from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.changes import over
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.acts import Refusal
from corridor.people.queries import (
    ages_on,
    day_of,
    ends_of,
    household_of_card,
    members,
    needs_of,
    persons_of,
    rows_of,
)
from corridor.people.whereabouts import find_out, records_of
from corridor.stops.waiting import models
from corridor.stops.waiting.entries import PlaceDescribed, UrgencyAssessed, WaitingJoined

RULE = "urgency"

#: Who is in one of these states may join the list (again).
MAY_JOIN = ("registered", "turned_away", "chose_to_stay", "prevented_from_leaving", "at_site")


def describe_place(
    node: Node,
    actor: str,
    name: str,
    use: str,
    *,
    name_other: str = "",
    place: str = "",
    command: str = "",
) -> str:
    """Names a pick-up point (`use` pickup) or a reception site (`reception`); returns its id."""
    if use not in ("pickup", "reception"):
        said = _("A place is a pick-up point or a reception site, not “%(use)s”.")
        raise Refusal(said % {"use": use})
    if not name.strip():
        raise Refusal(_("A place needs a name."))
    place = place or node.new_id()
    values = PlaceDescribed(name=name.strip(), name_other=name_other.strip() or None, use=use)
    seen = over(node, models.Place, place, ("name", "name_other", "use"))
    append(node, actor, [Draft(values, place, over=seen)], command=command)
    return subjects_of(node, [command]).get(command, place) if command else place


def place_named(node: Node, actor: str, name: str) -> str:
    """The pick-up point of this name; made now if there is none."""
    use = models.Place.objects.using(node.alias).filter(use="pickup")
    found = use.filter(name=name).order_by("id").first() or use.filter(name_other=name).first()
    return found.id if found else describe_place(node, actor, name, "pickup")


def publish_rule(node: Node, actor: str, rule: Mapping[str, Sequence[str]]) -> str:
    """Publishes the rule by which urgency is assessed from now on."""
    try:
        urgency.check_rule(rule)
    except urgency.UnknownCondition as error:
        said = _("The rule was not published. %(why)s")
        raise Refusal(said % {"why": error}) from error
    return rules.publish(node, actor, RULE, {key: list(value) for key, value in rule.items()})


def rule_in_force(node: Node) -> rules.Rule:
    """The rule of urgency. Raises `Refusal` where none was published yet."""
    rule = rules.in_force(node, RULE)
    if rule is None:
        raise Refusal(_("No rule of urgency is published here yet. Ask a coordinator."))
    return rule


def join(
    node: Node,
    actor: str,
    persons: Iterable[str],
    place: str,
    *,
    at: int | None = None,
    command: str = "",
) -> list[str]:
    """Puts people on the waiting list of a pick-up point and assesses how urgent they are.

    Raises `Refusal` if somebody cannot wait (aboard, dead, waiting already); then nobody joins.
    """
    wanted = list(persons)
    with node.transaction():
        _refuse_unless_free(node, wanted)
        ends = ends_of(node, wanted)
        drafts = [
            Draft(WaitingJoined(place=place), person, over=ends.get(person, ()), at=at)
            for person in wanted
        ]
        drafts += _assessments(node, wanted)
        return append(node, actor, drafts, command=command)


def join_by_card(node: Node, actor: str, typed: str, place: str, *, command: str = "") -> list[str]:
    """Puts those members of a card's household on the list who may join; returns them."""
    household = household_of_card(node, typed)
    if household is None:
        raise Refusal(_("No card with this number counts. Look at the card again."))
    persons = [one.id for one in members(node, household)]
    states = _states(node, persons)
    free = [person for person in persons if states.get(person) in MAY_JOIN]
    if not free:
        raise Refusal(_("Everybody of this card waits already, or has left."))
    join(node, actor, free, place, command=command)
    return free


def assess(node: Node, actor: str, persons: Iterable[str]) -> list[str]:
    """Assesses urgency again, by the rule in force and the needs known now."""
    with node.transaction():
        return append(node, actor, _assessments(node, list(persons)))


def _refuse_unless_free(node: Node, persons: list[str]) -> None:
    states = _states(node, persons)
    for person in persons:
        state = states.get(person)
        if state is None:
            raise Refusal(_("One of these people is not registered here; nobody joined the list."))
        if state not in MAY_JOIN:
            said = _("One of these people is %(state)s; nobody joined the list.")
            raise Refusal(said % {"state": state_word(state)})


def _states(node: Node, persons: list[str]) -> dict[str, str]:
    rows = rows_of(people_models.Whereabouts.objects.using(node.alias), "person", persons)
    return {row.person: row.state for row in rows}


def _assessments(node: Node, persons: list[str]) -> list[Draft]:
    rule = rule_in_force(node)
    needs = needs_of(node, persons, in_confidence=True)
    today = day_of(node.clock())
    drafts = []
    for person in persons_of(node, persons):
        travels, known = person.travels or "seat", frozenset(needs.get(person.id, ()))
        # Where only a range of ages is known, nobody gains a class by what is not known.
        found = max(
            (
                urgency.assess(urgency.Facts(known, age, travels), rule.content)
                for age in ages_on(person, today)
            ),
            key=lambda one: one.urgency,
        )
        reasons = msgspec.json.encode(list(found.reasons)).decode()
        what = UrgencyAssessed(rule=rule.entry, urgency=found.urgency, reasons=reasons)
        drafts.append(Draft(what, person.id))
    return drafts


def found_waiting(
    node: Node, actor: str, person: str, why: str, place: str, words: str, *, command: str = ""
) -> None:
    """Closes an open loop: the person never left and waits at a place, with all their days."""
    with node.transaction():
        _pickup(node, place)
        records = records_of(node, [person]).get(person, (person,))
        ends = ends_of(node, records)
        drafts = [
            Draft(WaitingJoined(place=place), one, over=ends[one]) for one in records if one in ends
        ]
        find_out(node, actor, person, why, "waiting", words=words, instead=drafts, command=command)


def _pickup(node: Node, place: str) -> None:
    use = models.Place.objects.using(node.alias)
    if not use.filter(id=place, use="pickup").exists():
        raise Refusal(_("Choose a pick-up point; nothing was changed."))
