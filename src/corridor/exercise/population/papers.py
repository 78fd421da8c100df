"""What people can show and say of themselves: birth dates, documents, phones."""

from datetime import date
from random import Random
from typing import Literal

from corridor.exercise.population.drafts import Draft
from corridor.exercise.population.needs import ADULT, OLDER
from corridor.exercise.population.places import COUNTRY
from corridor.exercise.population.records import Age, Birth, Document, DocumentState
from corridor.exercise.population.shares import Shares

_CHILD_STATES: tuple[DocumentState, ...] = ("lost_during_displacement", "never_had", "in_process")
_LOST_STATES: tuple[DocumentState, ...] = ("lost_during_displacement", "confiscated", "never_had")


def state_birth(
    rng: Random, shares: Shares, draft: Draft, as_of: date
) -> tuple[Birth | None, Age | None]:
    """How a birth is stated (STD 9.7): a date with its precision, or an age."""
    born, roll = draft.born, rng.random()
    # Small children's birthdays are known; the older, the rounder.
    known = shares.birth_day * (1.25 if draft.years < 6 else 0.6 if draft.years >= OLDER else 1)
    if roll < known:
        # A 1 January that is true needs the word of a document.
        certain = rng.random() < 0.8 or (born.month, born.day) == (1, 1)
        return Birth(born.isoformat(), "day", False, "document" if certain else "declared"), None
    roll -= known
    if roll < shares.birth_month:
        return Birth(f"{born:%Y-%m}", "month", False, "declared"), None
    roll -= shares.birth_month
    if roll < shares.birth_year:
        error = round(rng.gauss(0, draft.years / 50))
        year = min(born.year + error, as_of.year - draft.years // 2)
        return Birth(f"{year:04d}", "year", True, "declared"), None
    roll -= shares.birth_year
    if draft.years >= OLDER and roll < shares.birth_decade:
        return Birth(f"{born.year // 10 * 10:04d}", "decade", True, "event_calendar"), None
    return None, Age(_stated_age(rng, draft.years), as_of)


def _stated_age(rng: Random, years: int) -> int:
    """An age as people say it: those of adults heap on fives."""
    if years >= 25 and rng.random() < 0.45:
        return 5 * round(years / 5)
    if years >= 12 and rng.random() < 0.2:
        return years + (1 if rng.random() < 0.5 else -1)
    return years


def draw_documents(rng: Random, shares: Shares, draft: Draft) -> tuple[Document, ...]:
    """The documents a person has or had; sets LP-ND when nothing valid or expired is left."""
    minor = draft.years < ADULT
    kind: Literal["national_id", "birth_certificate"] = (
        "birth_certificate" if minor else "national_id"
    )
    number = f"{COUNTRY}{rng.getrandbits(36) % 10**9:09d}"
    if rng.random() < shares.no_document:
        draft.needs.add("LP-ND")
        states = _CHILD_STATES if minor else _LOST_STATES
        state = states[int(rng.random() * 3)]
        kept = state == "lost_during_displacement" and rng.random() < 0.4
        return (Document(kind, number if kept else None, state),)
    found = Document(kind, number, "expired" if rng.random() < 0.08 else "valid")
    if not minor and rng.random() < 0.15:
        passport = f"X{rng.getrandbits(30) % 10**7:07d}"
        return (found, Document("passport", passport, "valid" if passport < "X6" else "expired"))
    return (found,)


def draw_phone(rng: Random, shares: Shares, draft: Draft) -> str | None:
    """A number in E.164 under +999, which is assigned to no country (STD 9.5)."""
    if draft.years < 16 or rng.random() >= shares.phone:
        return None
    return f"+9994{rng.getrandbits(34) % 10**8:08d}"
