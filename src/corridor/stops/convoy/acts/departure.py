"""Verbs of departure: the checklist, a halt and its lifting, heads counted, off, back again."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, already, append
from corridor.journal.changes import over
from corridor.journal.format import as_json
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.stops.convoy import entries, models, queries
from corridor.stops.convoy.acts.checks import departed, known, not_departed, not_halted

#: What is looked at before each departure; every point must be well (STD 2.2).
CHECKLIST = (
    "armed", "crush", "violence", "weather", "escort", "window", "vehicles", "crew", "informed",
)  # fmt: skip
ALL_CLEAR: Mapping[str, bool] = dict.fromkeys(CHECKLIST, True)

HALT_REASONS = ("armed", "crush", "violence", "weather", "other")
TURNING_REASONS = ("road", "checkpoint", "attack", "breakdown", "order", "other")
PHASES = ("boarding", "departure", "checkpoint", "arrival")


def name_lead(node: Node, actor: str, convoy_id: str, lead: str, *, command: str = "") -> None:
    """Says who leads this convoy: they sign the checklist and lift halts."""
    with node.transaction():
        not_departed(node, convoy_id)
        what = entries.ConvoyDescribed(lead=lead)
        seen = over(node, models.Convoy, convoy_id, ("lead",))
        append(node, actor, [Draft(what, convoy_id, over=seen)], command=command)


def judge(
    node: Node,
    actor: str,
    convoy_id: str,
    answers: Mapping[str, bool],
    remark: str = "",
    *,
    command: str = "",
) -> str:
    """Signs the checklist; returns go, or no_go if one point is not well. Only the lead signs."""
    if set(answers) != set(CHECKLIST):
        raise Refusal(_("Answer every point of the checklist; nothing was signed."))
    decision = "go" if all(answers.values()) else "no_go"
    with node.transaction():
        if already(node, command):
            return decision
        convoy = not_departed(node, convoy_id)
        _only_lead(convoy, actor, _("Only the convoy lead signs the checklist."))
        words = {point: "ok" if well else "not_ok" for point, well in answers.items()}
        what = entries.DepartureJudged(
            decision=decision, answers=as_json(words), remark=remark.strip() or None
        )
        append(node, actor, [Draft(what, convoy_id)], command=command)
    return decision


def halt(node: Node, actor: str, convoy_id: str, reason: str = "", *, command: str = "") -> None:
    """Stops everything at once. Anybody of the team may; nobody is asked why."""
    with node.transaction():
        if already(node, command):
            return
        known(node, convoy_id)
        reason = reason if reason in HALT_REASONS else "other"
        append(
            node, actor, [Draft(entries.ConvoyHalted(reason=reason), convoy_id)], command=command
        )


def lift(node: Node, actor: str, convoy_id: str, reason: str, *, command: str = "") -> None:
    """The lead lifts every halt that stands, and says why. The checklist is signed anew after."""
    with node.transaction():
        if already(node, command):
            return
        convoy = known(node, convoy_id)
        _only_lead(convoy, actor, _("Only the convoy lead lifts a halt."))
        standing = queries.halts(node, convoy_id)
        if not standing:
            raise Refusal(_("There is no halt to lift."))
        if not reason.strip():
            raise Refusal(_("Say why it is safe to go on; the halt stands."))
        what = entries.HaltLifted(reason=reason.strip())
        over = tuple(sorted((row.entry, 0) for row in standing))
        append(node, actor, [Draft(what, convoy_id, over=over)], command=command)


def count_heads(
    node: Node,
    actor: str,
    convoy_id: str,
    count: int,
    phase: str,
    vehicle: str = "",
    *,
    at: int | None = None,
    writer: str = "",
    command: str = "",
) -> None:
    """Heads counted by somebody who did not look at the scans; on one vehicle, or of all."""
    if count < 0 or phase not in PHASES:
        raise Refusal(_("A head count is a number from 0 upwards."))
    with node.transaction():
        if already(node, command):
            return
        known(node, convoy_id)
        what = entries.HeadsCounted(count=count, phase=phase, vehicle=vehicle)
        append(node, actor, [Draft(what, convoy_id, at=at, writer=writer)], command=command)


def depart(
    node: Node,
    actor: str,
    convoy_id: str,
    head_count: int,
    *,
    at: int | None = None,
    writer: str = "",
    on_paper: bool = False,
    command: str = "",
) -> int:
    """The convoy leaves with this many heads counted; returns the difference to the scans.

    It leaves only with a signed go and no halt standing. What happened on paper is recorded as it
    happened: `on_paper` asks for no checklist.
    """
    if head_count < 0:
        raise Refusal(_("A head count is a number from 0 upwards."))
    with node.transaction():
        if not already(node, command):
            not_departed(node, convoy_id)
            if not on_paper:
                _refuse_unless_go(node, convoy_id)
                if not queries.aboard_of(node, convoy_id):
                    raise Refusal(_("Nobody is aboard; the convoy was not sent off."))
            what = entries.ConvoyDeparted(head_count=head_count)
            draft = Draft(what, convoy_id, at=at, writer=writer)
            append(node, actor, [draft], command=command)
        return head_count - len(queries.aboard_of(node, convoy_id))


def turn_back(node: Node, actor: str, convoy_id: str, reason: str, *, command: str = "") -> None:
    """The convoy comes back: its people are counted where they set off, and wait again."""
    with node.transaction():
        if already(node, command):
            return
        departed(node, convoy_id)
        if queries.has_arrived(node, convoy_id) or queries.turned_back(node, convoy_id):
            raise Refusal(_("This convoy is back or has arrived already; nothing was changed."))
        reason = reason if reason in TURNING_REASONS else "other"
        what = entries.ConvoyTurnedBack(reason=reason)
        append(node, actor, [Draft(what, convoy_id)], command=command)


def _refuse_unless_go(node: Node, convoy_id: str) -> None:
    not_halted(node, convoy_id)
    signed = queries.judgement(node, convoy_id)
    lifted = queries.lifted_halts(node, convoy_id)
    if signed is None or (lifted and lifted[0].hlc > signed.hlc):
        raise Refusal(
            _("The convoy lead has not signed the checklist; the convoy was not sent off.")
        )
    if signed.decision != "go":
        raise Refusal(_("The checklist says no-go; the convoy was not sent off."))


def _only_lead(convoy: models.Convoy, actor: str, said: str) -> None:
    if convoy.lead and convoy.lead != actor:
        raise Refusal(said)
