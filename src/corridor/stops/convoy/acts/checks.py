"""What several acts ask of a convoy before they do anything."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.stops.convoy import models, queries


def known(node: Node, convoy_id: str) -> models.Convoy:
    """The convoy. Raises `Refusal` if there is none."""
    convoy = queries.convoy(node, convoy_id)
    if convoy is None:
        raise Refusal(_("There is no such convoy here."))
    return convoy


def not_departed(node: Node, convoy_id: str) -> models.Convoy:
    """The convoy. Raises `Refusal` if it has left."""
    convoy = known(node, convoy_id)
    if queries.has_departed(node, convoy_id):
        raise Refusal(_("This convoy has left; nothing was changed."))
    return convoy


def departed(node: Node, convoy_id: str) -> models.Convoy:
    """The convoy. Raises `Refusal` if it has not left."""
    convoy = known(node, convoy_id)
    if not queries.has_departed(node, convoy_id):
        raise Refusal(_("This convoy has not left yet; nothing was changed."))
    return convoy


def not_halted(node: Node, convoy_id: str) -> None:
    """Raises `Refusal` while somebody's halt stands."""
    if queries.halts(node, convoy_id):
        raise Refusal(_("Everything is halted. The convoy lead lifts the halt, with a reason."))
