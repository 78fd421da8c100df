"""Verbs of children at the other end: handed to whom they are bound to, or to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.journal.append import Draft, already, append
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.confided.queries import carers_of
from corridor.stops.convoy import entries, models, queries

#: Why a child is not handed over, and what to do then.
WITHHELD: Mapping[str, Any] = {
    "not_bound": gettext_lazy(
        "The child is not bound to this adult. Keep the child with you and call the"
        " child-protection officer; do not let them go together. It is written down who asked."
    ),
    "several_claims": gettext_lazy(
        "More than one adult says that they care for this child. Keep the child with you and call"
        " the child-protection officer, who ends the wrong claim. It is written down who asked."
    ),
    "new_claim": gettext_lazy(
        "This adult said only after the convoy left that they care for the child, and nobody"
        " verified it. Keep the child with you and call the child-protection officer. It is"
        " written down who asked."
    ),
}


def release_child(
    node: Node,
    actor: str,
    convoy_id: str,
    child: str,
    adult: str = "",
    *,
    to_protection: bool = False,
    command: str = "",
) -> None:
    """Hands a child to an adult it is bound to who is here, or to a child-protection officer.

    Nobody else can be given the child. That somebody asked is recorded (`adult` empty: somebody
    unknown here), then it is refused, with what to do next.
    """
    with node.transaction():
        if done := already(node, command):
            why = _why_withheld(node, done[0])
        else:
            why = _hand_over(node, actor, convoy_id, child, adult, to_protection, command)
    if why:
        raise Refusal(str(WITHHELD[why]))


def _hand_over(
    node: Node,
    actor: str,
    convoy_id: str,
    child: str,
    adult: str,
    to_protection: bool,
    command: str,
) -> str:
    seen = queries.seen_of(node, convoy_id)
    if child not in seen:
        raise Refusal(_("This child has not been seen here yet; nothing was changed."))
    if queries.released_of(node, convoy_id).get(child):
        raise Refusal(_("This child was handed over already; nothing was changed."))
    why = "" if to_protection else _why_not(node, convoy_id, child, adult)
    what: entries.ChildReleased | entries.ChildWithheld
    if why:
        what = entries.ChildWithheld(convoy=convoy_id, asked_by=adult, reason=why)
    elif to_protection:
        what = entries.ChildReleased(convoy=convoy_id, released_to=actor, how="protection")
    elif adult not in seen:
        raise Refusal(_("This adult has not been seen here yet. Scan their card first."))
    else:
        what = entries.ChildReleased(convoy=convoy_id, released_to=adult, how="adult")
    about = (adult,) if adult and not to_protection else ()
    append(node, actor, [Draft(what, child, about=about)], command=command)
    return why


def _why_not(node: Node, convoy_id: str, child: str, adult: str) -> str:
    """Why this adult is not given the child, if so (STD 6.3)."""
    if adult not in queries.adults_of(node, [child]).get(child, set()):
        return "not_bound"
    claims = carers_of(node, [child]).get(child, [])
    if len({one.carer for one in claims}) > 1:
        return "several_claims"
    left = queries.departure(node, convoy_id)
    late = left is not None and any(one.since_ms > left.happened_ms for one in claims)
    return "new_claim" if late and not any(one.is_verified for one in claims) else ""


def _why_withheld(node: Node, entry: str) -> str:
    """The same tap again is refused again, for the same reason."""
    row = models.ChildWithheld.objects.using(node.alias).filter(entry=entry).first()
    return row.reason if row else ""
