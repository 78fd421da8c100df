"""Verbs of paper: a manifest issued with numbered lines, and sheets entered afterwards.

What was written with all devices off is recorded as it happened, with the time and the writer that
the sheet claims. Nothing asks for a checklist then: it may only be told what was so. A writer who
is of the team is named in each entry by their actor; any other name stays in the sheet's own body.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from msgspec import UNSET

from corridor.desk.team import actor_called
from corridor.engines import cards
from corridor.journal.append import Draft, already, append
from corridor.journal.format import as_json
from corridor.journal.node import Node
from corridor.people.acts import Newcomer, NewHousehold, Refusal, Registering
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.queries import day_of, ends_of, household_of_card, members
from corridor.stops.convoy import entries, queries
from corridor.stops.convoy.acts.arrival import close_arrival
from corridor.stops.convoy.acts.checks import departed, known
from corridor.stops.convoy.acts.departure import count_heads, depart
from corridor.stops.waiting import acts as waiting

SHEETS = ("control", "boarding", "departure", "arrival", "tally", "closed")

_RANGE = re.compile(r"(\d{1,4})\s*[-–]\s*(\d{1,4})")
_LINE_DIGITS = 4
_COUNT_DIGITS = 3


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
    """The people meant by lines and cards: `1-40, 42, 1234567890`. Raises `Refusal` by name.

    Version 0 is a sheet without a manifest: it names cards only.
    """
    lines = queries.lines_of(queries.issued(node, convoy_id, version)) if version else []
    if not lines and version:
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


@dataclass(frozen=True)
class ControlLine:
    """A line of a control sheet: a card that was given, and how many people stand behind it."""

    card: str
    people: int
    small: int = 0
    lying: int = 0
    wheelchairs: int = 0


def control_lines(written: str) -> list[ControlLine]:
    """The lines of a control sheet: `card; people; under 5; lying; wheelchairs`, one a family.

    Raises `Refusal`, which names the line.
    """
    found: list[ControlLine] = []
    for number, line in enumerate(written.splitlines(), 1):
        if not line.strip():
            continue
        card, *rest = (cards.as_typed(part) for part in re.split(r"[;؛,،]", line))
        counts = [int(part) for part in rest if part.isdecimal() and len(part) <= _COUNT_DIGITS]
        one = ControlLine(card, *counts[:4]) if counts else None
        if not cards.is_whole(card) or one is None or len(counts) != len(rest) or len(counts) > 4:
            raise Refusal(
                _("Line %(n)d is unclear; nothing was recorded. Write: card; people; under 5;"
                  " lying; wheelchairs.") % {"n": number}
            )  # fmt: skip
        if one.people < 1 or one.small + one.lying + one.wheelchairs > one.people:
            raise Refusal(
                _("Line %(n)d counts more small children, people lying and wheelchairs than"
                  " people; nothing was recorded.") % {"n": number}
            )  # fmt: skip
        if card in {other.card for other in found}:
            raise Refusal(
                _("Line %(n)d names a card that stands above already; nothing was recorded.")
                % {"n": number}
            )
        found.append(one)
    if not found:
        raise Refusal(_("Write the lines of the sheet; nothing was recorded."))
    return found


def enter_control(
    node: Node,
    actor: str,
    convoy_id: str,
    lines: Sequence[ControlLine],
    *,
    at: int,
    writer: str,
    command: str = "",
) -> list[str]:
    """Families given a pre-numbered card while all devices were off; returns who is new.

    They are counted, without names, and have waited where the convoy sets off since then. A card
    that was registered meanwhile counts as it stands.
    """
    with node.transaction():
        if already(node, command):
            return []
        convoy = known(node, convoy_id)
        by = actor_called(node, writer)
        registering = Registering(node)
        fresh: list[str] = []
        for line in lines:
            if household_of_card(node, line.card) is None:
                fresh += registering.add(_counted(line, at)).persons
        drafts = [replace(one, at=at, precision="minute", writer=by)
                  for one in registering.drafts]  # fmt: skip
        drafts.append(_entered(convoy_id, "control", 0, fresh, at, writer, by))
        append(node, actor, drafts, command=command)
        if fresh:
            waiting.join(node, actor, fresh, convoy.origin or "", at=at, writer=by)
    return fresh


def _counted(line: ControlLine, at: int) -> NewHousehold:
    """A household of which only numbers are known; the head is somebody who sits."""
    ways = ["seat"] * (line.people - line.small - line.lying - line.wheelchairs)
    ways += ["lying"] * line.lying + ["wheelchair"] * line.wheelchairs + ["small"] * line.small
    newcomers = []
    for number, way in enumerate(ways):
        values = PersonRegistered(
            relationship="head" if not number else UNSET,
            travels="seat" if way == "small" else way,
            source="paper",
        )
        if way == "small":
            values.age_years, values.age_years_high = 0, 4
            values.age_as_of = day_of(at).isoformat()
        newcomers.append(Newcomer(values))
    return NewHousehold(HouseholdRegistered(source="paper"), newcomers, line.card)


def enter_boarding(
    node: Node,
    actor: str,
    convoy_id: str,
    version: int,
    persons: Sequence[str],
    *,
    at: int,
    writer: str,
    vehicle: str = "",
    command: str = "",
) -> list[str]:
    """A ticked manifest: whoever is ticked and was not scanned boarded then. Returns them.

    Whoever held no seat rode on `vehicle`, as the sheet says.
    """
    with node.transaction():
        if already(node, command):
            return []
        known(node, convoy_id)
        by = actor_called(node, writer)
        seats = queries.seats_told(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        fresh = [one for one in persons if one not in aboard]
        ends = ends_of(node, fresh)
        drafts = [
            Draft(entries.PersonBoarded(convoy=convoy_id, vehicle=seats.get(one, vehicle)), one,
                  over=ends.get(one, ()), at=at, precision="minute", writer=by)
            for one in fresh
        ]  # fmt: skip
        drafts.append(_entered(convoy_id, "boarding", version, persons, at, writer, by))
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
        by = actor_called(node, writer)
        seen = queries.seen_of(node, convoy_id)
        fresh = [one for one in persons if one not in seen]
        ends = ends_of(node, fresh)
        what = entries.PersonArrived(convoy=convoy_id, site=convoy.destination or "")
        drafts = [
            Draft(what, one, over=ends.get(one, ()), at=at, precision="minute", writer=by)
            for one in fresh
        ]
        drafts.append(_entered(convoy_id, "arrival", version, persons, at, writer, by))
        append(node, actor, drafts, command=command)
    return fresh


def enter_departure(
    node: Node, actor: str, convoy_id: str, count: int, *, at: int, writer: str, command: str = ""
) -> None:
    """The sheet on which heads were counted when the convoy left."""
    with node.transaction():
        if already(node, command):
            return
        by = actor_called(node, writer)
        what = _entered(convoy_id, "departure", 0, (), at, writer, by, count)
        append(node, actor, [what], command=command)
        depart(node, actor, convoy_id, count, at=at, writer=by, on_paper=True)


def enter_tally(
    node: Node,
    actor: str,
    convoy_id: str,
    count: int,
    vehicle: str = "",
    *,
    at: int,
    writer: str,
    command: str = "",
) -> None:
    """The tally of one vehicle, or of all, at the other end."""
    with node.transaction():
        if already(node, command):
            return
        by = actor_called(node, writer)
        what = _entered(convoy_id, "tally", 0, (), at, writer, by, count)
        append(node, actor, [what], command=command)
        count_heads(node, actor, convoy_id, count, "arrival", vehicle, at=at, writer=by)


def enter_closing(
    node: Node, actor: str, convoy_id: str, *, at: int, writer: str, command: str = ""
) -> None:
    """The sheet says that the arrival was closed."""
    with node.transaction():
        if already(node, command):
            return
        by = actor_called(node, writer)
        append(node, actor, [_entered(convoy_id, "closed", 0, (), at, writer, by)], command=command)
        close_arrival(node, actor, convoy_id, at=at, writer=by)


def _entered(
    convoy: str,
    sheet: str,
    version: int,
    persons: Sequence[str],
    at: int,
    writer: str,
    by: str,
    count: int | None = None,
) -> Draft:
    what = entries.PaperEntered(
        sheet=sheet, version=version, count=len(persons) if count is None else count,
        ticked=as_json(list(persons)), written_by=writer.strip() or None,
    )  # fmt: skip
    return Draft(what, convoy, at=at, precision="minute", writer=by)


def _of_card(node: Node, part: str, number: str) -> list[str]:
    household = household_of_card(node, number) if cards.is_whole(number) else None
    if household is None:
        said = _("“%(part)s” is no line and no card; nothing was recorded.")
        raise Refusal(said % {"part": part})
    return [one.id for one in members(node, household)]
