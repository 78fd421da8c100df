"""The people of all tests. Nobody here is real.

Amal, a mother of three with a newborn, waits with her children and her father-in-law Yusuf, who
lies down. Samira, alone and seventy-one, is called by her kunya. The brothers Karim and Idris are
young and well. Nadia was registered twice.
"""

from __future__ import annotations

from corridor.people.acts import Newcomer, NewHousehold
from corridor.people.entries import HouseholdRegistered, PersonRegistered

REGISTRAR = "actor-registrar"
MARSHAL = "actor-marshal"
COORDINATOR = "actor-coordinator"


def household(*newcomers: Newcomer, **values: str) -> NewHousehold:
    """A household of these newcomers."""
    return NewHousehold(HouseholdRegistered(**values), newcomers)


def newcomer(name: str, sex: str, born: str, *needs: str, **values: object) -> Newcomer:
    """A person with a birth date known to the day."""
    what = PersonRegistered(
        name=name,
        sex=sex,
        birth_on=born,
        birth_precision="day",
        **values,  # type: ignore[arg-type]
    )
    return Newcomer(what, needs)


AMALS = household(
    newcomer("أمل يوسف الحداد", "female", "1994-03-02", "PG-LC", relationship="head",
             name_other="Amal Yusuf al-Haddad"),
    newcomer("ليلى", "female", "2017-05-11", relationship="daughter"),
    newcomer("سامي", "male", "2020-01-30", relationship="son"),
    newcomer("نور", "female", "2026-07-01", relationship="daughter", travels="lap"),
    newcomer("يوسف الحداد", "male", "1951-02-14", "SM-CC", relationship="parent", travels="lying"),
)  # fmt: skip
SAMIRA = household(
    newcomer("أم علي", "female", "1955-08-20", "ER-UR", relationship="head", known_as="أم علي")
)
BROTHERS = household(
    newcomer("كريم ناصر", "male", "2001-09-09", relationship="head"),
    newcomer("إدريس ناصر", "male", "2003-12-24", relationship="sibling"),
)
NADIA = household(newcomer("نادية قاسم", "female", "1988-04-04", relationship="head"))
NADIA_AGAIN = household(newcomer("Nadia Kassem", "female", "1988-04-04", relationship="head"))

EVERYBODY = (AMALS, SAMIRA, BROTHERS, NADIA)
