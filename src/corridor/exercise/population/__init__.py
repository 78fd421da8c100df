"""A believable besieged population, invented from a seed.

``households(seed, people, as_of)`` streams it; ``Shares`` says how much of what. Pure: no
clock, no database, no files. Names, places and people are invented; any likeness is chance.
"""

from corridor.exercise.population.generator import households
from corridor.exercise.population.names import respell, spellings
from corridor.exercise.population.needs import CODES, RESTRICTED
from corridor.exercise.population.places import COUNTRY, COUNTRY_ALPHA3, PLACES
from corridor.exercise.population.records import (
    Age,
    Birth,
    Document,
    Household,
    Kind,
    Person,
    Place,
    Relationship,
    Sex,
    WrittenName,
)
from corridor.exercise.population.shares import Shares

__all__ = [
    "CODES",
    "COUNTRY",
    "COUNTRY_ALPHA3",
    "PLACES",
    "RESTRICTED",
    "Age",
    "Birth",
    "Document",
    "Household",
    "Kind",
    "Person",
    "Place",
    "Relationship",
    "Sex",
    "Shares",
    "WrittenName",
    "households",
    "respell",
    "spellings",
]
