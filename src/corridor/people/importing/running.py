"""One import from its first row to its last: batch by batch, and again from where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people import entries
from corridor.people.acts import Refusal
from corridor.people.importing.registering import Batch
from corridor.people.importing.remembering import (
    ASIDE,
    HOUSEHOLD,
    PERSON,
    Remembering,
    remembering,
)
from corridor.people.importing.versions import Versions
from corridor.people.intake import IntakeNote, Problem, Refused, Source, open_source
from corridor.people.intake.mapping import Mapping
from corridor.people.intake.problems import SENTENCES
from corridor.people.intake.source import Found, Tell
from corridor.people.lists.queries import Finder

#: Households, notes and rows set aside in one transaction.
BATCH = 200


@dataclass(frozen=True)
class Progress:
    """How far an import is: what is done now, its share from 0 to 1, people registered so far."""

    stage: str
    share: float
    people: int = 0


@dataclass
class Imported:
    """What an import did, this run of it. `report` has the counts of the file, `identity` is the
    subject of its entries."""

    people: int = 0
    households: int = 0
    notes: int = 0
    known: int = 0
    changed: int = 0
    set_aside: int = 0
    late: int = 0
    report: dict[str, object] = field(default_factory=dict)
    identity: str = ""


def nothing(*_: object) -> None:
    """Tells nobody."""


def import_list(
    node: Node,
    actor: str,
    path: Path,
    *,
    kind: str | None = None,
    mapping: Path | Mapping | None = None,
    name: str = "",
    dry_run: bool = False,
    progress: Callable[[Progress], None] = nothing,
    tell: Tell = nothing,
    registered: Callable[[list[str]], None] = nothing,
) -> Imported:
    """Registers the people of the file at `path`. Raises `Refusal` if it cannot be read at all.

    `tell` hears each problem as it is met. `registered` is called with the ids of new persons
    inside the transaction that registers them: what it does stands or falls with them.
    """
    done = Imported()
    find = Finder(node)
    try:
        with open_list(
            node, path, kind=kind, mapping=mapping, name=name, tell=tell, find=find
        ) as source:
            source.prepare(lambda share: progress(Progress("read", share)))
            memory, identity = _memory(node, source, path, dry_run)
            versions = Versions(node, source, memory)
            done.identity = identity
            for some in _batches(source, done, progress):
                batch = Batch(node, memory, identity, source.kind, tell, versions)
                _register(actor, batch, some, done, registered, dry_run)
            if not source.report().rows:
                raise Refused("no_rows")
            done.report = _report(source, done)
            if find.found is not None:
                done.report["mapping"] = find.found.name
            if not dry_run:
                _conclude(node, actor, path, source, memory, identity)
    except Refused as refused:
        raise refusal(refused) from refused
    return done


def open_list(
    node: Node,
    path: Path,
    *,
    kind: str | None = None,
    mapping: Path | Mapping | None = None,
    name: str = "",
    tell: Tell = nothing,
    whatever: bool = False,
    find: Finder | None = None,
) -> Source:
    """Opens a list in the work folder of this site. Raises `Refused`."""
    return open_source(
        path, kind=kind, mapping=mapping, workdir=node.work, name=name, tell=tell,
        whatever=whatever, find=find,
    )  # fmt: skip


def refusal(refused: Refused) -> Refusal:
    """The same, in the reader's language."""
    return Refusal(_(SENTENCES[refused.code]).format_map(refused.params))


def _memory(node: Node, source: Source, path: Path, dry_run: bool) -> tuple[Remembering, str]:
    if dry_run:
        memory, identity = Remembering(node, source.kind, 0), ""
    else:
        memory, identity = remembering(node, source, _digest(path, source.said))
    memory.look_for_family(source)
    return memory, identity


def _digest(path: Path, mapping: Mapping | None) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    if mapping is not None:
        digest.update(mapping.as_json())
    return digest.hexdigest()


def _batches(
    source: Source, done: Imported, progress: Callable[[Progress], None]
) -> Iterator[list[Found]]:
    for _is_note, same in groupby(source.read(), lambda one: isinstance(one, IntakeNote)):
        # Notes speak of people: these are registered before, so that they are found.
        while some := list(islice(same, BATCH)):
            yield some
            ordinal = getattr(some[-1], "ordinal", 0) or source.households
            progress(Progress("register", ordinal / max(source.households, 1), done.people))


def _register(
    actor: str,
    batch: Batch,
    some: Sequence[Found],
    done: Imported,
    registered: Callable[[list[str]], None],
    dry_run: bool,
) -> None:
    """One transaction: whoever of these is not known yet is registered."""
    node, memory = batch.node, batch.memory
    with nullcontext() if dry_run else node.transaction():
        batch.gather(some)
        if dry_run:
            memory.forget_unwritten(but_who=batch.kind == "pfif")
        else:
            ids = append(node, actor, batch.drafts)
            batch.remember_entries(ids)
            memory.write()
            registered(batch.persons)
    done.people += len(batch.persons)
    done.households += batch.households
    done.notes += batch.notes
    done.known += batch.known
    done.changed += batch.changed
    done.set_aside += batch.set_aside
    done.late += batch.late


def _report(source: Source, done: Imported) -> dict[str, object]:
    found = source.report().as_json()
    accepted = found["accepted"]
    assert isinstance(accepted, dict)
    accepted["people"] -= done.late
    found["set_aside"] = source.report().set_aside + done.late
    return found | {
        "registered": {"people": done.people, "households": done.households, "notes": done.notes},
        "known_before": {"people": done.known, "changed": done.changed},
    }


def _conclude(
    node: Node, actor: str, path: Path, source: Source, memory: Remembering, identity: str
) -> None:
    """The import as a whole, once: also where it took several runs."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    counts = memory.counts()
    what = entries.ListImported(
        source=source.kind,
        file_hash=digest,
        people=counts.get(PERSON, 0),
        households=counts.get(HOUSEHOLD, 0),
        set_aside=counts.get(ASIDE, 0),
        file_name=source.report().file,
    )
    append(node, actor, [Draft(what, identity, command=f"import-{identity}")])


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


__all__ = ["Imported", "Problem", "Progress", "import_list", "import_sentence", "open_list"]
