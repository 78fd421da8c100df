"""Verbs of paper: a manifest issued with numbered lines, and sheets entered afterwards.

What was written with all devices off is recorded as it happened, with the time and the writer that
the sheet claims. Nothing asks for a checklist then: it may only be told what was so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from corridor.engines import cards
from corridor.journal.append import Draft, already, append
from corridor.journal.format import as_json
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.queries import ends_of, household_of_card, members
from corridor.stops.convoy import entries, queries
from corridor.stops.convoy.acts.checks import departed, known

SHEETS = ("boarding", "departure", "arrival", "tally", "closed")

_RANGE = re.compile(r"(\d{1,4})\s*[-–]\s*(\d{1,4})")
_LINE_DIGITS = 4


def issue_manifest(node: Node, actor: str, convoy_id: str, *, command: str = "") -> int:
    """Numbers the lines of the manifest as it stands; the same manifest keeps its version."""
    with node.transaction():
        known(node, convoy_id)
        persons = [line.person for line in queries.manifest(node, convoy_id)]
        if not persons:
            raise Refusal(_("Nobody holds a seat yet; there is nothing to print."))
        before = queries.issued(node, convoy_id)
        if before is not None and queries.lines_of(before) == persons:
            return int(before.version)
        version = (int(before.version) if before else 0) + 1
        lines = as_json(persons)
        what = entries.ManifestIssued(
            version=version, count=len(persons),
            digest=hashlib.sha256(lines.encode()).hexdigest(), lines=lines,
        )  # fmt: skip
        append(node, actor, [Draft(what, convoy_id)], command=command)
    return version


def ticked(node: Node, convoy_id: str, version: int, written: str) -> list[str]:
    """The people meant by lines and cards: `1-40, 42, 1234567890`. Raises `Refusal` by name."""
    lines = queries.lines_of(queries.issued(node, convoy_id, version))
    if not lines:
        raise Refusal(_("There is no manifest with this version; nothing was recorded."))
    found: list[str] = []
    plain = _RANGE.sub(lambda m: f"{m[1]}-{m[2]}", written.replace("،", ","))
    for part in re.split(r"[,;\s]+", plain.strip()):
        first, _dash, last = part.partition("-")
        number = cards.as_typed(part)
        if len(number) > _LINE_DIGITS and not last:
            found += _of_card(node, part, number)
        elif first.isdecimal() and (last or first).isdecimal():
            numbers = range(int(first), int(last or first) + 1)
            if not numbers or numbers[0] < 1 or numbers[-1] > len(lines):
                raise Refusal(_("There is no line %(part)s; nothing was recorded.")
                              % {"part": part})  # fmt: skip
            found += [lines[n - 1] for n in numbers]
        elif part:
            raise Refusal(_("“%(part)s” is no line and no card; nothing was recorded.")
                          % {"part": part})  # fmt: skip
    return list(dict.fromkeys(found))


def enter_boarding(
    node: Node,
    actor: str,
    convoy_id: str,
    version: int,
    persons: Sequence[str],
    *,
    at: int,
    writer: str,
    command: str = "",
) -> list[str]:
    """A ticked manifest: whoever is ticked and was not scanned boarded then. Returns them."""
    with node.transaction():
        if already(node, command):
            return []
        known(node, convoy_id)
        seats = queries.seats_told(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        fresh = [one for one in persons if one not in aboard]
        ends = ends_of(node, fresh)
        drafts = [
            Draft(entries.PersonBoarded(convoy=convoy_id, vehicle=seats.get(one, "")), one,
                  over=ends.get(one, ()), at=at, precision="minute", writer=writer)
            for one in fresh
        ]  # fmt: skip
        drafts.append(_entered(convoy_id, "boarding", version, persons, at, writer))
        append(node, actor, drafts, command=command)
    return fresh


def enter_arrival(
    node: Node,
    actor: str,
    convoy_id: str,
    version: int,
    persons: Sequence[str],
    *,
    at: int,
    writer: str,
    command: str = "",
) -> list[str]:
    """A ticked arrival sheet: whoever is ticked and was not scanned was seen then. Returns them."""
    with node.transaction():
        if already(node, command):
            return []
        convoy = departed(node, convoy_id)
        seen = queries.seen_of(node, convoy_id)
        fresh = [one for one in persons if one not in seen]
        ends = ends_of(node, fresh)
        what = entries.PersonArrived(convoy=convoy_id, site=convoy.destination or "")
        drafts = [
            Draft(what, one, over=ends.get(one, ()), at=at, precision="minute", writer=writer)
            for one in fresh
        ]
        drafts.append(_entered(convoy_id, "arrival", version, persons, at, writer))
        append(node, actor, drafts, command=command)
    return fresh


def _entered(
    convoy: str, sheet: str, version: int, persons: Sequence[str], at: int, writer: str
) -> Draft:
    what = entries.PaperEntered(
        sheet=sheet, version=version, count=len(persons), ticked=as_json(list(persons)),
        written_by=writer or None,
    )  # fmt: skip
    return Draft(what, convoy, at=at, precision="minute", writer=writer)


def _of_card(node: Node, part: str, number: str) -> list[str]:
    household = household_of_card(node, number) if cards.is_whole(number) else None
    if household is None:
        said = _("“%(part)s” is no line and no card; nothing was recorded.")
        raise Refusal(said % {"part": part})
    return [one.id for one in members(node, household)]
