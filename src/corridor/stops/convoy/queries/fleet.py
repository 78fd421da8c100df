"""Vehicles, routes, windows, receptions and crew. Read only."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.journal.node import Node
from corridor.people.queries import rows_of
from corridor.stops.convoy import models


def vehicle_types(node: Node) -> list[models.VehicleType]:
    """The kinds of vehicle, by name."""
    return list(models.VehicleType.objects.using(node.alias).order_by("label", "id"))


def fleet(node: Node) -> list[models.Vehicle]:
    """Every vehicle, by label."""
    return list(models.Vehicle.objects.using(node.alias).order_by("label", "id"))


def vehicles(node: Node, convoy_id: str) -> list[models.Vehicle]:
    """The vehicles that drive with a convoy, by label."""
    assigned = models.Assignment.objects.using(node.alias).filter(convoy=convoy_id)
    use = models.Vehicle.objects.using(node.alias)
    found = list(use.filter(id__in=assigned.values("vehicle")))
    return sorted(found, key=lambda one: (_natural(one.label or ""), one.id))


def vehicles_by_id(node: Node, identities: Iterable[str]) -> dict[str, models.Vehicle]:
    """These vehicles, also those that drive with no convoy any more."""
    use = models.Vehicle.objects.using(node.alias)
    return {one.id: one for one in rows_of(use, "id", identities)}


def assignments(node: Node, convoy_id: str = "") -> list[models.Assignment]:
    """Which vehicle drives with which convoy."""
    use = models.Assignment.objects.using(node.alias)
    return list(use.filter(convoy=convoy_id) if convoy_id else use.all())


def routes(node: Node) -> list[models.Route]:
    """The routes with their times."""
    return list(models.Route.objects.using(node.alias).order_by("id"))


def windows(node: Node) -> list[models.Window]:
    """The agreed windows, the earliest first."""
    return list(models.Window.objects.using(node.alias).order_by("opens_ms", "id"))


def window(node: Node, identity: str | None) -> models.Window | None:
    """One window, or None."""
    return models.Window.objects.using(node.alias).filter(id=identity or "").first()


def intakes(node: Node) -> list[models.Intake]:
    """What receptions take in a day."""
    return list(models.Intake.objects.using(node.alias).order_by("place", "day", "id"))


def crew(node: Node, convoy_id: str = "") -> dict[str, str]:
    """Person to duty: who works on vehicles now; with a convoy that left, who did when it left."""
    left, joined = models.CrewLeft.objects.using(node.alias), models.CrewJoined.objects
    rows = joined.using(node.alias).order_by("hlc", "entry")
    departed = models.ConvoyDeparted.objects.using(node.alias).filter(subject=convoy_id)
    until = departed.order_by("hlc").values_list("hlc", flat=True).first() if convoy_id else None
    if until is not None:
        left, rows = left.filter(hlc__lt=until), rows.filter(hlc__lt=until)
    gone = dict(left.order_by("hlc").values_list("subject", "hlc"))
    return {
        subject: duty
        for subject, duty, hlc in rows.values_list("subject", "duty", "hlc")
        if gone.get(subject, -1) < hlc
    }


def _natural(label: str) -> tuple[tuple[int, str], ...]:
    """Bus 2 before Bus 10."""
    parts = "".join(sign if sign.isdecimal() else f"\0{sign}\0" for sign in label).split("\0")
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part)
