"""From what a list says to what is recorded."""

from __future__ import annotations

import msgspec

from corridor.people import entries
from corridor.people.intake import IntakeHousehold, IntakeNote, IntakePerson, SetAside


def _said(values: dict[str, object]) -> dict[str, object]:
    """Only what the list says; the rest stays untouched."""
    return {name: value for name, value in values.items() if value not in ("", None)}


def household_values(one: IntakeHousehold, kind: str) -> entries.HouseholdRegistered:
    """The first values of a household."""
    stays = (one.address, one.unit, one.shelter, one.place, one.admin2, one.admin1)
    said = {
        "address": ", ".join(dict.fromkeys(part for part in stays if part)),
        "phone": one.phone,
        "source": kind,
        "source_id": one.source_id,
        "came_from": one.came_from,
        "registered_on": one.registered_on,
    }
    return entries.HouseholdRegistered(**_said(said))  # type: ignore[arg-type]


def person_values(one: IntakePerson, household: str, kind: str) -> entries.PersonRegistered:
    """The first values of a person."""
    names = one.other_names
    said: dict[str, object] = {
        "household": household,
        "relationship": one.relationship,
        "name": one.full_name,
        "name_other": names[0] if names else "",
        "known_as": one.known_as or (names[1] if len(names) > 1 else ""),
        "given_name": one.given,
        "father_name": one.father,
        "family_name": one.family,
        "mother_name": one.mother,
        "sex": one.sex,
        "age_years": one.age_low,
        "age_years_high": one.age_high if one.age_high != one.age_low else None,
        "age_as_of": one.age_as_of if one.age_low is not None else "",
        "phone": one.phones[0] if one.phones else "",
        "marital": one.marital,
        "language": one.language,
        "nationality": one.nationality,
        "origin": one.came_from,
        "source": kind,
        "source_id": one.source_id,
    }
    if one.birth is not None:
        said |= {"birth_on": one.birth.on, "birth_precision": one.birth.precision}
        said["birth_estimated"] = "yes" if one.birth.estimated else ""
    if one.documents:
        said["documents"] = msgspec.json.encode(one.documents).decode()
    if one.difficulties:
        said["difficulties"] = msgspec.json.encode(dict(one.difficulties)).decode()
    return entries.PersonRegistered(**_said(said))  # type: ignore[arg-type]


def word(one: IntakeNote) -> entries.WordReceived:
    """What somebody wrote of a person elsewhere."""
    said = {
        "status": one.status,
        "contact": one.contact,
        "place": one.place,
        "phone": one.phone,
        "text": one.text,
        "said_on": one.said_on,
    }
    return entries.WordReceived(**_said(said))  # type: ignore[arg-type]


def aside(one: SetAside) -> entries.RowSetAside:
    """A row that waits for somebody to correct it."""
    return entries.RowSetAside(
        row=one.origin.row,
        sheet=one.origin.sheet,
        problems=msgspec.json.encode([problem.as_json() for problem in one.problems]).decode(),
        values=msgspec.json.encode(one.values).decode(),
        role=one.role,
        household=one.household or None,
    )
