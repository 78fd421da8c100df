"""Convoys: who holds a seat, who boarded, who arrived, what was judged. Read only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.desk.access import add_places_of
from corridor.desk.navigation import Open
from corridor.journal.node import Node
from corridor.journal.tables import reading
from corridor.journal.tables.models import Continuation
from corridor.journal.tables.reading import row
from corridor.people.queries import add_naming
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.fleet import vehicles


@dataclass(frozen=True)
class Load:
    """A vehicle, how many persons hold a seat on it, and how many boarded it; crew apart."""

    vehicle: models.Vehicle
    told: int
    boarded: int


def convoys(node: Node) -> list[models.Convoy]:
    """All convoys, the next or newest first."""
    return list(models.Convoy.objects.using(node.alias).order_by("-departs_ms", "-id"))


def convoy(node: Node, identity: str) -> models.Convoy | None:
    """One convoy, or None."""
    return row(node.alias, models.Convoy, "id", identity)


def still_open(node: Node) -> Open | None:
    """For the first page: how many convoys are planned or on the way."""
    arrived = models.ConvoyArrived.objects.using(node.alias).values("subject")
    count = models.Convoy.objects.using(node.alias).exclude(id__in=arrived).count()
    return Open(count, _("planned or on the way")) if count else None


def departure(node: Node, convoy_id: str) -> models.ConvoyDeparted | None:
    """The fact of its departure, the first one if there are several."""
    use = models.ConvoyDeparted.objects.using(node.alias).filter(subject=convoy_id)
    return use.order_by("hlc", "entry").first()


def has_departed(node: Node, convoy_id: str) -> bool:
    """Whether the convoy left."""
    return reading.has(node.alias, models.ConvoyDeparted, "subject", convoy_id)


def turned_back(node: Node, convoy_id: str) -> models.ConvoyTurnedBack | None:
    """The fact that it turned back, if it did."""
    use = models.ConvoyTurnedBack.objects.using(node.alias).filter(subject=convoy_id)
    return use.order_by("hlc", "entry").first()


def has_arrived(node: Node, convoy_id: str) -> bool:
    """Whether the convoy's arrival was closed."""
    return models.ConvoyArrived.objects.using(node.alias).filter(subject=convoy_id).exists()


def stages(node: Node) -> dict[str, str]:
    """Convoy to departed, turned_back or arrived; those not in it are planned."""
    found: dict[str, str] = {}
    for table, stage in (
        (models.ConvoyDeparted, "departed"),
        (models.ConvoyTurnedBack, "turned_back"),
        (models.ConvoyArrived, "arrived"),
    ):
        rows = table.objects.using(node.alias).values_list("subject", flat=True)
        found.update(dict.fromkeys(rows, stage))
    return found


def stage(node: Node, convoy_id: str) -> str:
    """How far a convoy is: planned, departed, turned_back or arrived."""
    if has_arrived(node, convoy_id):
        return "arrived"
    if turned_back(node, convoy_id):
        return "turned_back"
    return "departed" if has_departed(node, convoy_id) else "planned"


def seats(node: Node, convoy_id: str) -> dict[str, models.Seat]:
    """Person to the place held; where two sites told one person two, the later one is shown."""
    rows = models.Seat.objects.using(node.alias).filter(convoy=convoy_id)
    return {row.person: row for row in rows.order_by("hlc", "entry")}


def seats_told(node: Node, convoy_id: str) -> dict[str, str]:
    """Person to the vehicle on which they hold a place."""
    rows = models.Seat.objects.using(node.alias).filter(convoy=convoy_id)
    return dict(rows.order_by("hlc", "entry").values_list("person", "vehicle"))


def told_elsewhere(node: Node, convoy_id: str = "") -> set[str]:
    """Persons who hold a seat on another convoy that has not left yet."""
    departed = models.ConvoyDeparted.objects.using(node.alias).values("subject")
    rows = models.Seat.objects.using(node.alias).exclude(convoy__in=departed)
    return set(rows.exclude(convoy=convoy_id).values_list("person", flat=True))


def aboard_of(node: Node, convoy_id: str) -> dict[str, str]:
    """Person to the vehicle boarded: who would set off now, or set off with it."""
    rows = models.Aboard.objects.using(node.alias).filter(convoy=convoy_id)
    return dict(rows.order_by("hlc", "entry").values_list("person", "vehicle"))


def arrived_of(node: Node, convoy_id: str) -> set[str]:
    """Persons seen at the other end."""
    rows = models.PersonArrived.objects.using(node.alias).filter(convoy=convoy_id)
    return set(rows.values_list("subject", flat=True))


def loads(node: Node, convoy_id: str) -> list[Load]:
    """Each vehicle with how many hold a seat on it and how many boarded."""
    told = _by_vehicle(node, models.Seat, convoy_id)
    boarded = _by_vehicle(node, models.Aboard, convoy_id)
    return [
        Load(one, told.get(one.id, 0), boarded.get(one.id, 0)) for one in vehicles(node, convoy_id)
    ]


def _by_vehicle(
    node: Node, table: type[models.Seat] | type[models.Aboard], convoy_id: str
) -> dict[str, int]:
    """Vehicle to the number of people, each of them where the latest row has them."""
    name = table._meta.db_table
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT vehicle, COUNT(*) FROM (SELECT vehicle, ROW_NUMBER() OVER"  # noqa: S608
            f" (PARTITION BY person ORDER BY hlc DESC, entry DESC) AS later FROM {name}"
            " WHERE convoy = %s) latest WHERE later = 1 GROUP BY vehicle",
            [convoy_id],
        )
        return dict(cursor.fetchall())


def judgement(node: Node, convoy_id: str) -> models.DepartureJudged | None:
    """The checklist signed last."""
    use = models.DepartureJudged.objects.using(node.alias).filter(subject=convoy_id)
    return use.order_by("-hlc", "-entry").first()


def halts(node: Node, convoy_id: str) -> list[models.ConvoyHalted]:
    """Halts that nobody lifted yet, the first one first."""
    halted = reading.rows(node.alias, models.ConvoyHalted, "subject", [convoy_id])
    found = sorted(halted, key=lambda row: (row.hlc, row.entry))
    if not found:
        return []
    lifting = models.HaltLifted.objects.using(node.alias).filter(subject=convoy_id)
    lifted = set(
        Continuation.objects.using(node.alias)
        .filter(subject=convoy_id, entry__in=lifting.values("entry"))
        .values_list("continued", flat=True)
    )
    return [row for row in found if row.entry not in lifted]


def lifted_halts(node: Node, convoy_id: str) -> list[models.HaltLifted]:
    """Every lifting of halts, the newest first."""
    use = models.HaltLifted.objects.using(node.alias).filter(subject=convoy_id)
    return list(use.order_by("-hlc", "-entry"))


def tell_names() -> None:
    """Lets timelines call convoys and vehicles by their names."""
    add_naming(_name)
    add_places_of(_ends)


def _name(node: Node, identity: str, language: str) -> str:
    found = convoy(node, identity)
    if found is not None:
        return found.name or ""
    vehicle = row(node.alias, models.Vehicle, "id", identity)
    return (vehicle.label or "") if vehicle else ""


def _ends(node: Node, identity: str) -> list[str]:
    """A convoy is at both ends of its way."""
    found = convoy(node, identity)
    return [one for one in (found.origin, found.destination) if one] if found else []
