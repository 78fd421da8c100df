"""Places of the operation are named here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.changes import over
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.stops.waiting import models
from corridor.stops.waiting.entries import PlaceDescribed


def describe_place(
    node: Node,
    actor: str,
    name: str,
    use: str,
    *,
    name_other: str = "",
    place: str = "",
    command: str = "",
) -> str:
    """Names a pick-up point (`use` pickup) or a reception site (`reception`); returns its id."""
    if use not in ("pickup", "reception"):
        said = _("A place is a pick-up point or a reception site, not “%(use)s”.")
        raise Refusal(said % {"use": use})
    if not name.strip():
        raise Refusal(_("A place needs a name."))
    place = place or node.new_id()
    values = PlaceDescribed(name=name.strip(), name_other=name_other.strip() or None, use=use)
    seen = over(node, models.Place, place, ("name", "name_other", "use"))
    append(node, actor, [Draft(values, place, over=seen)], command=command)
    return subjects_of(node, [command]).get(command, place) if command else place


def place_named(node: Node, actor: str, name: str) -> str:
    """The pick-up point of this name; made now if there is none."""
    use = models.Place.objects.using(node.alias).filter(use="pickup")
    found = use.filter(name=name).order_by("id").first() or use.filter(name_other=name).first()
    return found.id if found else describe_place(node, actor, name, "pickup")


def pickup_or_refuse(node: Node, place: str) -> None:
    """Raises `Refusal` unless this is a pick-up point."""
    use = models.Place.objects.using(node.alias)
    if not use.filter(id=place, use="pickup").exists():
        raise Refusal(_("Choose a pick-up point; nothing was changed."))
