"""What the rule of urgency may look at, and whose class is out of date. Read only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import msgspec
from django.db.models import F, OuterRef, Subquery

from corridor.engines.urgency import ADULT, Facts, Urgency, assess
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.journal.tables import reading
from corridor.journal.tables.models import Conflict
from corridor.people import models as people
from corridor.people.queries import ages_on, day_of, needs_of, rows_of
from corridor.stops.waiting import models

RULE = "urgency"

#: (node, persons) to the class of fitness of their last check (STD 2.7).
Fitness = Callable[[Node, list[str]], Mapping[str, str]]

_FITNESS: list[Fitness] = []


class _Age(NamedTuple):
    """The values of these fields of one person."""

    birth_on: str | None = None
    age_years: int | None = None
    age_years_high: int | None = None
    age_as_of: str | None = None


def add_fitness(source: Fitness) -> None:
    """A later stop tells where checks of fitness to travel are."""
    _FITNESS.append(source)


def facts_of(node: Node, persons: Iterable[str]) -> dict[str, Facts]:
    """Person to what a rule may look at; whoever is not registered here has no facts."""
    wanted = sorted(set(persons))
    names = ("id", "household", "travels", *_Age._fields)
    rows = list(reading.values(node.alias, people.Person, names, "id", wanted))
    needs = needs_of(node, wanted, in_confidence=True)
    fitness: dict[str, str] = {}
    for source in _FITNESS:
        fitness.update(source(node, wanted))
    disputed = _disputed(node)
    ages = _Ages(node)
    homes, found = {}, {}
    for person, household, travels, *age in rows:
        others = disputed.get(person, ())
        known = sorted(
            one for said in (_Age(*age), *others) for one in ages.of(said) if one is not None
        )
        homes[person] = household or ""
        found[person] = Facts(
            needs=frozenset(needs.get(person, ())),
            age=known[0] if known else None,
            age_high=known[-1] if known else None,
            disputed=person in disputed,
            travels=travels or "seat",
            fitness=fitness.get(person, ""),
        )
    return _with_alone(node, ages, homes, found)


class _Ages:
    """Ages of today by what is known of them; what many people share is reckoned once."""

    def __init__(self, node: Node) -> None:
        self._today = day_of(node.clock())
        self._known: dict[_Age, tuple[int | None, ...]] = {}

    def of(self, said: _Age) -> tuple[int | None, ...]:
        """The age, or both ends of its range."""
        if said not in self._known:
            self._known[said] = ages_on(said, self._today)
        return self._known[said]

    def may_be_adult(self, said: _Age) -> bool:
        """Whether somebody of whom this is known is grown up, or may be."""
        return any(age is None or age >= ADULT for age in self.of(said))


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
    node: Node, ages: _Ages, homes: Mapping[str, str], found: dict[str, Facts]
) -> dict[str, Facts]:
    """Marks children in whose household nobody is or may be grown up."""
    children = [person for person, facts in found.items() if facts.is_child]
    names = ("household", *_Age._fields)
    wanted = {homes[person] for person in children} - {""}
    with_adult = {
        household
        for household, *age in reading.values(node.alias, people.Person, names, "household", wanted)
        if ages.may_be_adult(_Age(*age))
    }
    for person in children:
        if homes[person] not in with_adult:
            found[person] = replace(found[person], alone=True)
    return found


def _disputed(node: Node) -> dict[str, list[_Age]]:
    """Person to the ages that stand beside that shown, where two stand for one person."""
    found: dict[str, list[_Age]] = {}
    rows = Conflict.objects.using(node.alias).filter(
        record=people.Person._meta.db_table, field__in=_Age._fields[:3]
    )
    for row in rows:
        for value in json.loads(row.values):
            if value is not None:
                found.setdefault(row.id, []).append(_Age(**{row.field: value}))
    return found
