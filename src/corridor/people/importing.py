"""Importing a list: everybody who can be registered is, nobody twice, and the rest set aside.

One logical import is many transactions, so that memory stays flat and a stop loses at most what was
not acknowledged. What was registered before is known by a keyed hash of the source's record id (or
of the row itself where there is none), which is the command of its entry: the journal records a
command once. Started again, an import goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.keys.derived import derived
from corridor.journal.node import Node
from corridor.people import entries
from corridor.people.acts import Refusal, fresh_card, need_entry
from corridor.people.intake import (
    IntakeHousehold,
    IntakePerson,
    Refused,
    SetAside,
    Source,
    open_source,
)
from corridor.people.intake.problems import SENTENCES

#: Households (and rows set aside) in one transaction.
BATCH = 100

Progress = Callable[[int], None]


@dataclass
class Imported:
    """What an import did. `persons` are the ids registered by this run."""

    people: int = 0
    households: int = 0
    known: int = 0
    set_aside: int = 0
    persons: list[str] = field(default_factory=list)
    report: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Keys:
    """Commands of what a source brings, the same whenever the same record comes."""

    node: Node
    source: str

    def household(self, one: IntakeHousehold) -> str:
        """Of a household, by its id in the source or by its first member's row."""
        return self._key("household", one.source_id.encode() or _mark(one.members[0]))

    def person(self, household: IntakeHousehold, one: IntakePerson) -> str:
        """Of a person, by their id in the source or by their row."""
        mark = f"{household.source_id}\0{one.source_id}".encode() if one.source_id else _mark(one)
        return self._key("person", mark)

    def aside(self, one: SetAside) -> str:
        """Of a row set aside, by its content."""
        raw = one.origin.fingerprint or msgspec.json.encode(dict(one.values))
        return self._key("aside", f"{one.origin.sheet}\0{one.origin.row}\0".encode() + raw)

    def _key(self, what: str, raw: bytes) -> str:
        message = f"{self.source}\0{what}\0".encode() + raw
        return derived(self.node.signer.seed, "import", message).hex()[:32]


def _mark(person: IntakePerson) -> bytes:
    return person.origin.fingerprint or f"{person.origin.sheet}\0{person.origin.row}".encode()


def import_list(
    node: Node,
    actor: str,
    path: Path,
    *,
    kind: str | None = None,
    mapping: Path | None = None,
    name: str = "",
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Imported:
    """Registers the people of the file at `path`. Raises `Refusal` if it cannot be read at all."""
    work = Path(str(node.connection.settings_dict["NAME"])).parent / "work"
    work.mkdir(exist_ok=True)
    try:
        source = open_source(path, kind=kind, mapping=mapping, workdir=work, name=name)
    except Refused as refused:
        raise Refusal(_(SENTENCES[refused.code]).format_map(refused.params)) from refused
    done = Imported()
    with source:
        identity = node.new_id()
        found = source.read()
        while some := list(islice(found, BATCH)):
            if not dry_run:
                _register(node, actor, identity, source.kind, some, done)
            progress(some[-1].ordinal)
        done.report = source.report().as_json()
        if not dry_run:
            _conclude(node, actor, identity, path, source, done)
    return done


def _register(
    node: Node,
    actor: str,
    identity: str,
    kind: str,
    some: list[IntakeHousehold | SetAside],
    done: Imported,
) -> None:
    """One transaction: whoever of these is not known yet is registered."""
    keys = _Keys(node, kind)
    with node.transaction():
        known = subjects_of(node, list(_commands(keys, some)))
        drafts: list[Draft] = []
        persons: list[str] = []
        for one in some:
            if isinstance(one, SetAside):
                command = keys.aside(one)
                if command not in known:
                    drafts.append(Draft(_aside(one), identity, command=command))
                    known[command] = identity
                done.set_aside += 1
            else:
                persons += _household(node, keys, kind, one, known, drafts, done)
        append(node, actor, drafts)
    done.people += len(persons)
    done.persons += persons


def _commands(keys: _Keys, some: list[IntakeHousehold | SetAside]) -> Iterator[str]:
    for one in some:
        if isinstance(one, SetAside):
            yield keys.aside(one)
        else:
            yield keys.household(one)
            yield from (keys.person(one, person) for person in one.members)


def _household(
    node: Node,
    keys: _Keys,
    kind: str,
    one: IntakeHousehold,
    known: dict[str, str],
    drafts: list[Draft],
    done: Imported,
) -> list[str]:
    """Drafts for the members that are new, and for the household if it is; their ids."""
    command = keys.household(one)
    household = known.get(command)
    if household is None:
        household = known[command] = node.new_id()
        drafts.append(Draft(_household_values(one, kind), household, command=command))
        drafts.append(Draft(entries.CardIssued(card=fresh_card(node)), household))
        done.households += 1
    persons = []
    for member in one.members:
        command = keys.person(one, member)
        if command in known:
            done.known += 1
            continue
        person = known[command] = node.new_id()
        values = _person_values(member, household, kind)
        drafts.append(Draft(values, person, command=command))
        drafts += [Draft(need_entry(need, "declared"), person) for need in member.needs]
        persons.append(person)
    return persons


def _said(values: dict[str, object]) -> dict[str, object]:
    """Only what the list says; the rest stays untouched."""
    return {name: value for name, value in values.items() if value not in ("", None)}


def _household_values(one: IntakeHousehold, kind: str) -> entries.HouseholdRegistered:
    address = ", ".join(part for part in (one.address, one.place, one.admin2, one.admin1) if part)
    said = {
        "address": address,
        "phone": one.phone,
        "source": kind,
        "source_id": one.source_id,
        "came_from": one.came_from,
        "registered_on": one.registered_on,
    }
    return entries.HouseholdRegistered(**_said(said))  # type: ignore[arg-type]


def _person_values(one: IntakePerson, household: str, kind: str) -> entries.PersonRegistered:
    said: dict[str, object] = {
        "household": household,
        "relationship": one.relationship,
        "name": one.full_name,
        "name_other": one.other_names[0] if one.other_names else "",
        "known_as": one.known_as,
        "given_name": one.given,
        "father_name": one.father,
        "family_name": one.family,
        "mother_name": one.mother,
        "sex": one.sex,
        "age_years": one.age_low,
        "age_years_high": one.age_high if one.age_high != one.age_low else None,
        "age_as_of": one.age_as_of if one.age_low is not None else "",
        "phone": one.phones[0] if one.phones else "",
        "marital": one.marital,
        "language": one.language,
        "nationality": one.nationality,
        "origin": one.came_from,
        "source": kind,
        "source_id": one.source_id,
    }
    if one.birth is not None:
        said |= {"birth_on": one.birth.on, "birth_precision": one.birth.precision}
        said["birth_estimated"] = "yes" if one.birth.estimated else ""
    if one.documents:
        said["documents"] = msgspec.json.encode(one.documents).decode()
    if one.difficulties:
        said["difficulties"] = msgspec.json.encode(dict(one.difficulties)).decode()
    return entries.PersonRegistered(**_said(said))  # type: ignore[arg-type]


def _aside(one: SetAside) -> entries.RowSetAside:
    return entries.RowSetAside(
        row=one.origin.row,
        sheet=one.origin.sheet,
        problems=msgspec.json.encode([problem.as_json() for problem in one.problems]).decode(),
        values=msgspec.json.encode({"household": one.household, **one.values}).decode(),
    )


def _conclude(
    node: Node, actor: str, identity: str, path: Path, source: Source, done: Imported
) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    what = entries.ListImported(
        source=source.kind,
        file_hash=digest,
        people=done.people,
        households=done.households,
        set_aside=done.set_aside,
        file_name=str(done.report["file"]),
    )
    append(node, actor, [Draft(what, identity)])


def import_sentence(done: Imported) -> str:
    """One sentence about what an import did."""
    return _(
        "%(people)d people in %(households)d households were registered; %(known)d were known"
        " already; %(aside)d rows were set aside."
    ) % {
        "people": done.people,
        "households": done.households,
        "known": done.known,
        "aside": done.set_aside,
    }
