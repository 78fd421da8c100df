"""What the rule of urgency may look at, and whose class is out of date. Read only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from django.db.models import F, OuterRef, Subquery

from corridor.engines.urgency import ADULT, Facts, Urgency, assess
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.journal.tables.models import Conflict
from corridor.people import models as people
from corridor.people.queries import ages_on, day_of, needs_of, rows_of
from corridor.stops.waiting import models

RULE = "urgency"

#: (node, persons) to the class of fitness of their last check (STD 2.7).
Fitness = Callable[[Node, list[str]], Mapping[str, str]]

_FITNESS: list[Fitness] = []

#: Fields of a person that an age comes from, and the few others that are looked at.
_AGE_FIELDS = ("birth_on", "age_years", "age_years_high", "age_as_of")


def add_fitness(source: Fitness) -> None:
    """A later stop tells where checks of fitness to travel are."""
    _FITNESS.append(source)


def facts_of(node: Node, persons: Iterable[str]) -> dict[str, Facts]:
    """Person to what a rule may look at; whoever is not registered here has no facts."""
    wanted = sorted(set(persons))
    use = people.Person.objects.using(node.alias).only("household", "travels", *_AGE_FIELDS)
    rows = {one.id: one for one in rows_of(use, "id", wanted)}
    needs = needs_of(node, wanted, in_confidence=True)
    fitness: dict[str, str] = {}
    for source in _FITNESS:
        fitness.update(source(node, wanted))
    disputed = _disputed(node)
    today = day_of(node.clock())
    found = {}
    for person, row in rows.items():
        ages = sorted(
            age for one in (row, *disputed.get(person, ())) for age in ages_on(one, today)
            if age is not None
        )  # fmt: skip
        found[person] = Facts(
            needs=frozenset(needs.get(person, ())),
            age=ages[0] if ages else None,
            age_high=ages[-1] if ages else None,
            disputed=person in disputed,
            travels=row.travels or "seat",
            fitness=fitness.get(person, ""),
        )
    return _with_alone(node, rows, found)


def explained(node: Node, persons: Iterable[str]) -> dict[str, Urgency]:
    """Person to what the rule in force says of them now, part by part."""
    rule = rules.in_force(node, RULE)
    content = rule.content if rule else {}
    return {person: assess(facts, content) for person, facts in facts_of(node, persons).items()}


def out_of_date(node: Node) -> list[str]:
    """People who wait and of whom the rule says something else now than when they were assessed.

    Only those are looked at whose record or needs were written since.
    """
    needs = (
        people.NeedObserved, people.NeedObservedInConfidence,
        people.NeedEnded, people.NeedEndedInConfidence,
    )  # fmt: skip
    classes = models.NeedClass.objects.using(node.alias).filter(person=OuterRef("person"))
    turns = models.Turn.objects.using(node.alias)
    record = people.Person.objects.using(node.alias).filter(id=OuterRef("person"))
    found = set(
        turns.annotate(
            at=Subquery(classes.values("hlc")[:1]), written=Subquery(record.values("updated_hlc"))
        )
        .exclude(at__gte=F("written"))
        .filter(written__isnull=False)
        .values_list("person", flat=True)
    )
    assessed = models.NeedClass.objects.using(node.alias).filter(person=OuterRef("subject"))
    for table in needs:
        rows = table.objects.using(node.alias).filter(subject__in=turns.values("person"))
        found |= set(
            rows.annotate(at=Subquery(assessed.values("hlc")[:1]))
            .exclude(at__gte=F("hlc"))
            .values_list("subject", flat=True)
        )
    return sorted(_changed(node, found))


def _changed(node: Node, persons: set[str]) -> set[str]:
    """Those of whom the rule in force says something else now than was written down last."""
    written = {
        row.person: (row.urgency, row.reasons)
        for row in rows_of(models.NeedClass.objects.using(node.alias), "person", persons)
    }
    now = explained(node, persons)
    return {
        person
        for person, found in now.items()
        if written.get(person) != (found.urgency, as_reasons(found))
    }


def as_reasons(found: Urgency) -> str:
    """The conditions that gave a class, as an entry keeps them."""
    return msgspec.json.encode(list(found.reasons)).decode()


def _with_alone(
    node: Node, rows: Mapping[str, people.Person], found: dict[str, Facts]
) -> dict[str, Facts]:
    """Marks children in whose household nobody is or may be grown up."""
    children = [person for person, facts in found.items() if facts.is_child]
    homes = {rows[person].household for person in children} - {None, ""}
    use = people.Person.objects.using(node.alias).only("household", *_AGE_FIELDS)
    today = day_of(node.clock())
    with_adult = {
        one.household
        for one in rows_of(use, "household", [home for home in homes if home])
        if _may_be_adult(ages_on(one, today))
    }
    for person in children:
        if rows[person].household not in with_adult:
            found[person] = _replaced(found[person])
    return found


def _replaced(facts: Facts) -> Facts:
    return Facts(
        facts.needs, facts.age, facts.travels, facts.age_high, facts.disputed, facts.fitness, True
    )


def _may_be_adult(ages: tuple[int | None, ...]) -> bool:
    return any(age is None or age >= ADULT for age in ages)


def _disputed(node: Node) -> dict[str, list[people.Person]]:
    """Person to the values that stand beside those shown, where two ages stand for one person."""
    found: dict[str, list[people.Person]] = {}
    rows = Conflict.objects.using(node.alias).filter(
        record=people.Person._meta.db_table, field__in=_AGE_FIELDS[:3]
    )
    for row in rows:
        for value in json.loads(row.values):
            other = _as_person(row.field, value)
            if other is not None:
                found.setdefault(row.id, []).append(other)
    return found


def _as_person(field: str, value: Any) -> people.Person | None:
    return None if value is None else people.Person(**{field: value})
