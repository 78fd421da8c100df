"""The columns of HOPE's registration files, and how a household fills them.

Two sheets, ``Households`` and ``Individuals``; the first row holds field names, the second
labels for people, data from the third. Layout after the registration files published with
UNICEF's HOPE; labels are our own. Survey answers that an emergency registration does not ask
are left out, as HOPE allows.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from corridor.exercise.population import COUNTRY_ALPHA3, Household, Kind, Person, Relationship, Sex

Value = str | int | float | bool | date | datetime | None

RELATIONSHIPS = {
    Relationship.HEAD: "HEAD",
    Relationship.SPOUSE: "WIFE_HUSBAND",
    Relationship.CHILD: "SON_DAUGHTER",
    Relationship.PARENT: "MOTHER_FATHER",
    Relationship.CHILD_IN_LAW: "DAUGHTERINLAW_SONINLAW",
    # Spelt thus in HOPE's own list.
    Relationship.GRANDCHILD: "GRANDDAUGHER_GRANDSON",
    Relationship.SIBLING: "BROTHER_SISTER",
    Relationship.NEPHEW_NIECE: "NEPHEW_NIECE",
    Relationship.COUSIN: "COUSIN",
    Relationship.UNRELATED: "OTHER",
}
_MARITAL = {"SN": "SINGLE", "MA": "MARRIED", "WD": "WIDOWED", "DV": "DIVORCED"}
_ANSWERS = {2: "SOME_DIFFICULTY", 3: "LOT_DIFFICULTY", 4: "CANNOT_DO"}
_DIFFICULTIES = (
    ("seeing", "SEEING"),
    ("hearing", "HEARING"),
    ("physical", "WALKING"),
    ("memory", "MEMORY"),
    ("selfcare", "SELF_CARE"),
    ("comms", "COMMUNICATING"),
)
_BANDS = (("0_5", 0, 6), ("6_11", 6, 12), ("12_17", 12, 18), ("adults", 18, 200))
_LIMITED = 3
"""Lowest answer that counts as a disability in reports (STD 9.8)."""


class HouseholdRow(NamedTuple):
    """What the columns of one row on ``Households`` are taken from."""

    household: Household
    members: Sequence[Person]
    as_of: date


class PersonRow(NamedTuple):
    """What the columns of one row on ``Individuals`` are taken from."""

    household: Household
    person: Person
    as_of: date


class HouseholdColumn(NamedTuple):
    """One column of ``Households``: HOPE's field, our label, its value."""

    field: str
    label: str
    value: Callable[[HouseholdRow], Value]


class PersonColumn(NamedTuple):
    """One column of ``Individuals``: HOPE's field, our label, its value."""

    field: str
    label: str
    value: Callable[[PersonRow], Value]


def is_head(household: Household, person: Person) -> bool:
    """Whether the file calls this person head.

    HOPE knows no household without a head: of a group of children that has none, the first
    stands as head and ``child_hoh_h_c`` says so.
    """
    return person.key == (household.head or household.members[0].key)


def birth_date(row: PersonRow) -> datetime:
    """A full birth date, as HOPE requires; the unknown part is 1 January (STD 9.7).

    Such a date leaves the house only with ``estimated_birth_date_i_c`` set.
    """
    birth, age = row.person.birth, row.person.age
    if birth is not None:
        return datetime.fromisoformat((birth.value + "-01-01")[:10])
    years = age.years if age is not None else row.person.years(row.as_of)
    return datetime(row.as_of.year - years, 1, 1)


def _age(row: PersonRow) -> int | None:
    return None if row.person.age is None else row.person.age.years


def _estimated(row: PersonRow) -> bool:
    birth = row.person.birth
    return birth is None or birth.estimated or birth.precision != "day"


def _limited(person: Person) -> bool:
    return person.washington_group is not None and max(person.washington_group) >= _LIMITED


def _count(sex: Sex, low: int, high: int, limited: bool) -> Callable[[HouseholdRow], int]:
    def count(row: HouseholdRow) -> int:
        return sum(
            person.sex == sex
            and low <= person.years(row.as_of) < high
            and (not limited or _limited(person))
            for person in row.members
        )

    return count


def _counts(limited: bool) -> Iterator[HouseholdColumn]:
    ending, label = ("disability", "with a disability") if limited else ("age_group", "in all")
    for sex, letter in ((Sex.FEMALE, "f"), (Sex.MALE, "m")):
        for band, low, high in _BANDS:
            plain = band == "adults" and not limited
            field = f"{letter}_{band}_h_c" if plain else f"{letter}_{band}_{ending}_h_c"
            yield HouseholdColumn(
                field,
                f"{sex.name.title()}s {band.replace('_', ' to ')}, {label}",
                _count(sex, low, high, limited),
            )


def _pregnant(row: HouseholdRow) -> int:
    return sum(person.pregnant for person in row.members)


def _child_head(row: HouseholdRow, sexes: tuple[Sex, ...]) -> bool:
    head = row.household.members[0]
    return head.years(row.as_of) < 18 and head.sex in sexes


def _hosts_child(row: HouseholdRow) -> str:
    hosted = row.household.kind != Kind.UNACCOMPANIED and any(
        "SC-UC" in person.needs for person in row.members
    )
    return "1" if hosted else "0"


HOUSEHOLD_COLUMNS: tuple[HouseholdColumn, ...] = (
    HouseholdColumn("household_id", "Household", lambda row: row.household.key),
    HouseholdColumn("residence_status_h_c", "Residence status", lambda row: "IDP"),
    HouseholdColumn("consent_h_c", "Consent given", lambda row: True),
    HouseholdColumn("country_origin_h_c", "Country of origin", lambda row: COUNTRY_ALPHA3),
    HouseholdColumn("country_h_c", "Country", lambda row: COUNTRY_ALPHA3),
    HouseholdColumn("address_h_c", "Address as spoken", lambda row: row.household.place.arabic),
    HouseholdColumn("admin1_h_c", "Region", lambda row: row.household.place.region),
    HouseholdColumn("admin2_h_c", "District", lambda row: row.household.place.district),
    HouseholdColumn(
        "hh_geopoint_h_c",
        "Position",
        lambda row: f"{row.household.place.latitude}, {row.household.place.longitude}",
    ),
    HouseholdColumn("returnee_h_c", "Returnees", lambda row: False),
    HouseholdColumn("size_h_c", "Household size", lambda row: len(row.members)),
    HouseholdColumn(
        "first_registration_date_h_c",
        "First registered on",
        lambda row: datetime(row.as_of.year, row.as_of.month, row.as_of.day),
    ),
    HouseholdColumn("pregnant_member_h_c", "Pregnant members", _pregnant),
    *_counts(limited=False),
    HouseholdColumn("f_pregnant_h_c", "Pregnant females", _pregnant),
    *_counts(limited=True),
    HouseholdColumn(
        "fchild_hoh_h_c", "Headed by a girl", lambda row: _child_head(row, (Sex.FEMALE,))
    ),
    HouseholdColumn(
        "child_hoh_h_c", "Headed by a child", lambda row: _child_head(row, (Sex.FEMALE, Sex.MALE))
    ),
    HouseholdColumn("village_h_c", "Place", lambda row: row.household.place.latin),
    HouseholdColumn("unaccompanied_child_h_f", "Hosts an unaccompanied child", _hosts_child),
    HouseholdColumn("collect_individual_data_h_c", "Individuals registered", lambda row: "1"),
)


def _number(kind: str) -> Callable[[PersonRow], str | None]:
    return lambda row: next((d.number for d in row.person.documents if d.type == kind), None)


def _issuer(kind: str) -> Callable[[PersonRow], str | None]:
    number = _number(kind)
    return lambda row: COUNTRY_ALPHA3 if number(row) else None


def _documents() -> Iterator[PersonColumn]:
    for kind, field, label in (
        ("birth_certificate", "birth_certificate", "Birth certificate"),
        ("passport", "national_passport", "Passport"),
        ("national_id", "national_id", "Identity card"),
    ):
        yield PersonColumn(f"{field}_no_i_c", f"{label} number", _number(kind))
        yield PersonColumn(f"{field}_issuer_i_c", f"{label} issued by", _issuer(kind))


def _answer(at: int) -> Callable[[PersonRow], str | None]:
    def answer(row: PersonRow) -> str | None:
        answers = row.person.washington_group
        return _ANSWERS.get(answers[at]) if answers is not None else None

    return answer


def _observed(row: PersonRow) -> str:
    answers = row.person.washington_group or ()
    seen = [
        code for (_, code), value in zip(_DIFFICULTIES, answers, strict=False) if value >= _LIMITED
    ]
    return ";".join(seen) or "NONE"


PERSON_COLUMNS: tuple[PersonColumn, ...] = (
    PersonColumn("household_id", "Household", lambda row: row.household.key),
    PersonColumn("age", "Age in years", _age),
    PersonColumn(
        "relationship_i_c",
        "Relationship to the head",
        lambda row: (
            "HEAD" if is_head(row.household, row.person) else RELATIONSHIPS[row.person.relationship]
        ),
    ),
    PersonColumn("full_name_i_c", "Full name", lambda row: row.person.names[0].full),
    PersonColumn("given_name_i_c", "Given name", lambda row: row.person.names[0].given),
    PersonColumn("middle_name_i_c", "Father's name", lambda row: row.person.names[0].father),
    PersonColumn("family_name_i_c", "Family name", lambda row: row.person.names[0].family),
    PersonColumn("gender_i_c", "Sex", lambda row: row.person.sex.name),
    PersonColumn("birth_date_i_c", "Birth date", birth_date),
    PersonColumn(
        "first_registration_date_i_c",
        "First registered on",
        lambda row: datetime(row.as_of.year, row.as_of.month, row.as_of.day),
    ),
    PersonColumn("estimated_birth_date_i_c", "Birth date estimated", _estimated),
    PersonColumn("marital_status_i_c", "Marital status", lambda row: _MARITAL[row.person.marital]),
    PersonColumn("phone_no_i_c", "Phone", lambda row: row.person.phone),
    *_documents(),
    PersonColumn("pregnant_i_c", "Pregnant", lambda row: row.person.pregnant),
    PersonColumn("observed_disability_i_c", "Difficulties observed", _observed),
    *(
        PersonColumn(f"{name}_disability_i_c", f"Difficulty: {code.lower()}", _answer(at))
        for at, (name, code) in enumerate(_DIFFICULTIES)
    ),
    PersonColumn(
        "primary_collector_id",
        "Collects for household",
        lambda row: row.household.key if is_head(row.household, row.person) else None,
    ),
)
