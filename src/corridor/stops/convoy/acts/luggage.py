"""Pieces of luggage that families bring to a convoy, by card."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.queries import household_of_card
from corridor.stops.convoy import entries, queries

#: More pieces than this, and a number was mistyped.
MOST_PIECES = 99


def count_luggage(
    node: Node, actor: str, convoy: str, typed: str, pieces: int, *, command: str = ""
) -> int:
    """Writes down what the family of a card brings; the last count stands. Returns the pieces.

    It stands on the line of the head, or of whoever had it before.
    """
    if not 0 <= pieces <= MOST_PIECES:
        raise Refusal(
            _("Say how many pieces they bring, from 0 to %(most)d; nothing was written down.")
            % {"most": MOST_PIECES}
        )
    with node.transaction():
        household = household_of_card(node, typed)
        if household is None:
            raise Refusal(_("No card with this number counts. Look at the card again."))
        family = [one.id for one in queries.present_family(node, convoy, household)]
        if not family:
            raise Refusal(
                _("Nobody of this card has a seat on this convoy; nothing was written down.")
            )
        before = queries.luggage_of(node, convoy)
        carrier = next((one for one in family if one in before), family[0])
        what = entries.LuggageCounted(convoy=convoy, pieces=pieces)
        append(node, actor, [Draft(what, carrier)], command=command)
    return pieces
