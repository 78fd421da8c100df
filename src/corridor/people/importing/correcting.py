"""Rows set aside: read again with what a person corrected, or left out with a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from msgspec import UNSET

from corridor.journal.append import Draft, append
from corridor.journal.changes import over
from corridor.journal.node import Node
from corridor.people import acts, entries, models
from corridor.people.acts import Refusal
from corridor.people.importing.drafting import person_values
from corridor.people.importing.models import ImportRun
from corridor.people.importing.registering import Batch
from corridor.people.importing.remembering import PERSON, Remembering
from corridor.people.importing.running import nothing
from corridor.people.intake import IntakeHousehold, IntakePerson, Problem
from corridor.people.intake.reading import Reader, Row, consents, household_values, note, person
from corridor.people.intake.spool import Line
from corridor.people.queries import day_of

#: Why a row is left out.
REASONS = ("double", "nobody", "no_consent", "unreadable", "elsewhere")

#: What a person decided already, so that it is no error any more.
_DECIDED = frozenset({"several_people", "name_with_comma"})

Answers = Mapping[str, str]

#: Roles of rows that tell of a person.
_OF_PEOPLE = ("person", "both")


@dataclass(frozen=True)
class Waiting:
    """A row set aside, the import that brought it, and its household's own row if that waits.

    `alike` are persons of earlier versions of the list whom the row may correct.
    """

    row: models.RowSetAside
    run: ImportRun
    values: tuple[tuple[str, str, str], ...]
    problems: tuple[dict[str, object], ...]
    home: Waiting | None = None
    alike: tuple[models.Person, ...] = ()


@dataclass
class Outcome:
    """What came of a correction: the problems that are left, or who was registered.

    `alike` are persons whom lists brought before and who may be the one of the row.
    """

    problems: list[Problem] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether nothing was written yet."""
        return bool(self.problems or self.alike)


def waiting_rows(node: Node, identity: str = "") -> QuerySet[models.RowSetAside]:
    """Rows that nobody has settled, of one import or of all."""
    settled = models.RowSettled.objects.using(node.alias).values("aside")
    use = models.RowSetAside.objects.using(node.alias).exclude(entry__in=settled)
    rows = use.filter(subject=identity) if identity else use
    return rows.order_by("-hlc", "row")


def waiting(node: Node, entry: str) -> Waiting:
    """A row that waits, with all that belongs to it. Raises `Refusal`."""
    row = waiting_rows(node).filter(entry=entry).first()
    if row is None:
        raise Refusal(_("This row waits no longer: somebody settled it."))
    run = ImportRun.objects.using(node.alias).filter(identity=row.subject).first()
    if run is None:
        raise Refusal(_("Another site brought this list in. The row is settled there."))
    found = _waiting(node, row, run)
    if row.role not in _OF_PEOPLE or not row.household:
        return found
    use = waiting_rows(node, row.subject)
    home = use.filter(role="household", household=row.household).first()
    return found if home is None else replace(found, home=_waiting(node, home, run))


def _waiting(node: Node, row: models.RowSetAside, run: ImportRun) -> Waiting:
    values = tuple(tuple(one) for one in json.loads(row.values or "[]"))
    problems = tuple(json.loads(row.problems or "[]"))
    ids = [
        str(one["params"].get("record", ""))
        for one in problems
        if one["problem"] == "perhaps_corrected"
    ]
    alike = models.Person.objects.using(node.alias).filter(id__in=ids)
    return Waiting(row, run, values, problems, None, tuple(alike))


def read_again(node: Node, one: Waiting, answers: Answers) -> Row:
    """The row with corrected answers in place of what the list says."""
    labels = {name: label for name, label, _text in one.values}
    said = {name: text for name, _label, text in one.values} | dict(answers)
    cells = {labels.get(name, name): text for name, text in said.items() if text.strip()}
    fields = {labels.get(name, name): name for name in said}
    sheet = one.row.sheet or ""
    reader = Reader({sheet: fields}, today=day_of(node.clock()))
    line = Line(one.row.role or "person", sheet, one.row.row, dict(cells))
    reader.see(line)
    return reader.row(line)


def settle(
    node: Node,
    actor: str,
    entry: str,
    answers: Answers,
    home: Answers,
    *,
    is_other: bool = False,
    command: str = "",
) -> Outcome:
    """Registers a corrected row. What is still wrong comes back, and then nothing was written.

    `home` are answers for the household's own row. Whoever a list brought before under the same
    name, sex and birth comes back as well, unless it `is_other`. Raises `Refusal`.
    """
    with node.transaction():
        one = waiting(node, entry)
        batch = _batch(node, one)
        if one.row.role == "note":
            return _settle_note(actor, batch, one, read_again(node, one, answers), command)
        if one.row.role == "household":
            return _settle_household(actor, batch, one, answers, command)
        read = read_again(node, one, answers)
        who = person(read)
        wrong = _errors(read, both=one.row.role == "both")
        values = household_values(read) if one.row.role == "both" else {}
        key = read.identifier("household.id", needed=False)
        settled = [one]
        if one.home is not None and key == one.home.row.household:
            own = read_again(node, one.home, home)
            values = household_values(own)
            wrong += _errors(own, both=True)
            settled.append(one.home)
        if wrong:
            return Outcome(wrong)
        known = _known_as(batch, one, key, who)
        if known and not is_other:
            return Outcome(alike=known)
        if known:
            who = replace(who, origin=replace(who.origin, nth=who.origin.nth + len(known)))
        household = IntakeHousehold(0, key, (who,), **values)  # type: ignore[arg-type]
        return _register(actor, batch, household, settled, command)


def _known_as(batch: Batch, one: Waiting, household: str, who: IntakePerson) -> list[str]:
    """Persons whom any list of this kind brought before under what this row says now."""
    runs = ImportRun.objects.using(batch.node.alias).filter(source=one.run.source)
    family = set(runs.values_list("pk", flat=True))
    key = batch.memory.person(household, who.source_id, who.origin)
    if key.numbered:
        return []
    rows = batch.memory.find([key]).get(key.key, [])
    return sorted({row.subject for row in rows if row.what == PERSON and row.run in family})


def _batch(node: Node, one: Waiting) -> Batch:
    memory = Remembering(node, one.run.source, one.run.pk, {one.run.pk})
    return Batch(node, memory, one.run.identity, one.run.source, nothing)


def _errors(read: Row, *, both: bool) -> list[Problem]:
    """What still keeps a row from being registered; what a person looked at is decided."""
    if both:
        consents(read)
    return [
        one
        for one in read.notes.problems
        if one.severity == "error" and one.problem not in _DECIDED
    ]


def _register(
    actor: str, batch: Batch, household: IntakeHousehold, settled: Sequence[Waiting], command: str
) -> Outcome:
    batch.gather([household])
    if batch.known:
        raise Refusal(
            _("This list brought that person before. Leave the row out; nobody was registered.")
        )
    _write(actor, batch, settled, "registered", batch.persons, command)
    return Outcome(persons=batch.persons)


def _write(
    actor: str,
    batch: Batch,
    settled: Sequence[Waiting],
    how: str,
    persons: Sequence[str],
    command: str,
) -> None:
    done = {d.what.aside for d in batch.drafts if isinstance(d.what, entries.RowSettled)}
    for one in settled:
        if one.row.entry not in done:
            what = entries.RowSettled(aside=one.row.entry, how=how)
            batch.drafts.append(Draft(what, one.row.subject, about=tuple(persons)))
    ids = append(batch.node, actor, batch.drafts, command=command)
    batch.remember_entries(ids)
    batch.memory.write()


def _settle_note(actor: str, batch: Batch, one: Waiting, read: Row, command: str) -> Outcome:
    word = note(read)
    if wrong := _errors(read, both=False):
        return Outcome(wrong)
    batch.gather([word])
    if batch.set_aside or not batch.notes:
        raise Refusal(_("The person of whom the note speaks is not registered by this list."))
    _write(actor, batch, [one], "registered", (), command)
    return Outcome()


def _settle_household(
    actor: str, batch: Batch, one: Waiting, answers: Answers, command: str
) -> Outcome:
    """A household's own row brings all its people whose rows have no error of their own."""
    node = batch.node
    own = read_again(node, one, answers)
    values = household_values(own)
    if wrong := _errors(own, both=True):
        return Outcome(wrong)
    members: list[IntakePerson] = []
    rows = [one]
    for row in waiting_rows(node, one.row.subject).filter(
        role__in=_OF_PEOPLE, household=one.row.household
    ):
        its = _waiting(node, row, one.run)
        read = read_again(node, its, {})
        who = person(read)
        if not _errors(read, both=False) and not its.alike:
            members.append(who)
            rows.append(its)
    if not members or not one.row.household:
        raise Refusal(
            _("Nobody of this household can be registered yet: correct a row of its people first.")
        )
    household = IntakeHousehold(0, one.row.household, tuple(members), **values)  # type: ignore[arg-type]
    return _register(actor, batch, household, rows, command)


def take_over(
    node: Node, actor: str, entry: str, answers: Answers, who: str, *, command: str = ""
) -> Outcome:
    """The row corrects somebody whom an earlier version of the list brought. Raises `Refusal`."""
    with node.transaction():
        one = waiting(node, entry)
        read = read_again(node, one, answers)
        values = person(read)
        if wrong := _errors(read, both=one.row.role == "both"):
            return Outcome(wrong)
        batch = _batch(node, one)
        household = read.identifier("household.id", needed=False)
        alike = {each.id for each in one.alike} | set(_known_as(batch, one, household, values))
        if who not in alike:
            raise Refusal(_("This row does not speak of that person; nothing was changed."))
        said = person_values(values, "", one.run.source)
        kept = ("household", "relationship", "source", "source_id")
        changed = {
            name: getattr(said, name)
            for name in said.__struct_fields__
            if name not in kept and getattr(said, name) is not UNSET
        }
        seen = over(node, models.Person, who, changed)
        acts.correct(node, actor, who, entries.PersonCorrected(**changed), seen)
        key = batch.memory.person(household, values.source_id, values.origin)
        batch.memory.remember(PERSON, key, who)
        _write(actor, batch, [one], "taken_over", (who,), command)
        return Outcome(persons=[who])


def leave_out(
    node: Node, actor: str, asides: Sequence[str], reason: str, words: str, *, command: str = ""
) -> int:
    """Leaves rows out for a reason; returns how many. Raises `Refusal`."""
    if reason not in REASONS:
        raise Refusal(_("Say why the row is left out. It still waits."))
    said = words.strip()[:500]
    with node.transaction():
        rows = waiting_rows(node).filter(entry__in=list(asides)[:500])
        drafts = [
            Draft(
                entries.RowSettled(
                    aside=row.entry,
                    how="left_out",
                    reason=reason,
                    words=said or None,
                ),
                row.subject,
            )
            for row in rows
        ]
        if not drafts:
            raise Refusal(_("No row was ticked that still waits. Nothing was changed."))
        append(node, actor, drafts, command=command)
    return len(drafts)
