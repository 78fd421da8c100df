"""Reading and writing instances and plans; what is wrong is said by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from corridor.engines.planning.instance import NEEDS, Household, Instance, Plan, Trip, Unit

_SHOWN = 20


class InstanceError(ValueError):
    """The input cannot be planned from. `problems` lists each field and what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        more = len(problems) - _SHOWN
        tail = [f"and {more} more"] if more > 0 else []
        super().__init__("; ".join(problems[:_SHOWN] + tail))
        self.problems = problems


def read_instance(data: Mapping[str, Any]) -> Instance:
    """Makes an instance from the mapping of a `corridor-convoy-1` file.

    Raises InstanceError naming each faulty field. Nothing is repaired or left out in silence.
    """
    if data.get("format") != "corridor-convoy-1":
        raise InstanceError(
            [f"format: must be corridor-convoy-1, but is {data.get('format', 'missing')}."]
        )
    try:
        instance = msgspec.convert(data, Instance)
    except msgspec.ValidationError as error:
        raise InstanceError([_said(error)]) from error
    problems = _problems(instance)
    if problems:
        raise InstanceError(problems)
    return instance


def write_instance(instance: Instance) -> dict[str, Any]:
    """The mapping of a `corridor-convoy-1` file."""
    built: dict[str, Any] = msgspec.to_builtins(instance)
    return built


def read_plan(data: Mapping[str, Any]) -> Plan:
    """Makes a plan from the mapping of a plan file; other keys of the file are not read.

    Raises InstanceError if `trips` or `left` is missing or of another shape.
    """
    try:
        trips = msgspec.convert(data.get("trips"), list[Trip])
        left = msgspec.convert(data.get("left", []), list[str])
    except msgspec.ValidationError as error:
        raise InstanceError([f"plan: {_said(error)}"]) from error
    return Plan(trips, left)


def write_plan(plan: Plan) -> dict[str, Any]:
    """The `trips` and `left` of a plan file."""
    return {"trips": [msgspec.to_builtins(trip) for trip in plan.trips], "left": list(plan.left)}


def _said(error: msgspec.ValidationError) -> str:
    text = str(error)
    what, _, where = text.partition(" - at `$")
    field = where.rstrip("`").lstrip(".") or "file"
    return f"{field}: {what}."


def _problems(instance: Instance) -> list[str]:
    out: list[str] = []
    for name in ("receptions", "types", "vehicles", "windows", "slots", "households"):
        out += _twice(name, (row.id for row in getattr(instance, name)))
    out += _twice("pickups", instance.pickups)
    out += _twice("units", (unit.id for home in instance.households for unit in home.units))
    out += _numbers(instance)
    out += _references(instance)
    for n, home in enumerate(instance.households):
        out += _household_problems(instance, f"households[{n}] ({home.id})", home)
    return out


def _twice(name: str, ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    out = []
    for one in ids:
        if one in seen:
            out.append(f"{name}: the id {one} is there twice.")
        seen.add(one)
    return out


def _numbers(instance: Instance) -> list[str]:
    out = [f"weight.{need}: is missing." for need in NEEDS if need not in instance.weight]
    out += [
        f"weight.{need}: must not be below 0, but is {value}."
        for need, value in instance.weight.items()
        if not value >= 0
    ]
    if instance.children_per_guardian < 1:
        out.append("children_per_guardian: must be at least 1.")
    if not instance.aging >= 0:
        out.append("aging: must not be below 0.")
    if instance.unserved_delay < 0:
        out.append("unserved_delay: must not be below 0.")
    for name in ("types", "slots", "receptions", "travel"):
        for n, row in enumerate(getattr(instance, name)):
            for field, value in msgspec.structs.asdict(row).items():
                values = value if isinstance(value, tuple) else (value,)
                if field != "depart" and any(isinstance(v, int) and v < 0 for v in values):
                    out.append(f"{name}[{n}].{field}: must not be below 0, but is {value}.")
    out += [
        f"slots[{n}].max_vehicles: must be at least 1."
        for n, slot in enumerate(instance.slots)
        if slot.max_vehicles < 1
    ]
    return out


def _references(instance: Instance) -> list[str]:
    types = {row.id for row in instance.types}
    windows = {row.id for row in instance.windows}
    pickups = set(instance.pickups)
    receptions = {row.id for row in instance.receptions}
    out = [
        f"vehicles[{n}].type: there is no type {row.type}."
        for n, row in enumerate(instance.vehicles)
        if row.type not in types
    ]
    out += [
        f"slots[{n}].window: there is no window {row.window}."
        for n, row in enumerate(instance.slots)
        if row.window not in windows
    ]
    for n, window in enumerate(instance.windows):
        out += _unknown(f"windows[{n}].pickups", window.pickups, pickups)
        out += _unknown(f"windows[{n}].receptions", window.receptions, receptions)
    for n, way in enumerate(instance.travel):
        out += _unknown(f"travel[{n}].pickup", [way.pickup], pickups)
        out += _unknown(f"travel[{n}].reception", [way.reception], receptions)
    out += _twice("travel", (f"{way.pickup} to {way.reception}" for way in instance.travel))
    return out


def _unknown(where: str, ids: Iterable[str], known: set[str]) -> list[str]:
    return [f"{where}: there is no {one}." for one in ids if one not in known]


def _household_problems(instance: Instance, where: str, home: Household) -> list[str]:
    out = _unknown(f"{where}.pickup", [home.pickup], set(instance.pickups))
    if home.waited < 0:
        out.append(f"{where}.waited: must not be below 0.")
    if not home.units:
        out.append(f"{where}.units: a household needs at least one unit.")
    for k, unit in enumerate(home.units):
        out += _unit_problems(f"{where}.units[{k}]", unit)
    return out


def _unit_problems(where: str, unit: Unit) -> list[str]:
    out = [
        f"{where}.{field}: must not be below 0, but is {value}."
        for field, value in msgspec.structs.asdict(unit).items()
        if isinstance(value, int) and value < 0
    ]
    if unit.persons < 1:
        out.append(f"{where}.persons: must be at least 1.")
    places = unit.seats + unit.lap + unit.lying + unit.wheelchairs
    if places < unit.persons:
        out.append(f"{where}.persons: {unit.persons} people, but places for {places} only.")
    return out
