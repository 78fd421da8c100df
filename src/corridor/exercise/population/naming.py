"""Who bears which name: lineages inside a household, and how each person's name is written."""

from random import Random

from corridor.exercise.population.drafts import Draft
from corridor.exercise.population.names import (
    NICKNAMES,
    Name,
    Script,
    draw_family,
    draw_given,
    kunya,
    respell,
)
from corridor.exercise.population.records import Sex, WrittenName
from corridor.exercise.population.shares import Shares

_TRIES = 20
"""Draws for a given name that no brother or sister bears, before one is shared after all."""


class Naming:
    """Names the drafts of one household; the people of one house write in the same scripts."""

    def __init__(self, rng: Random, shares: Shares) -> None:
        self._rng = rng
        self._shares = shares
        self.kurmanji = rng.random() < shares.kurmanji
        roll = rng.random()
        self.scripts: tuple[Script, ...] = ("Arab", "Latn")
        if roll < shares.arabic_only:
            self.scripts = ("Arab",)
        elif roll < shares.arabic_only + shares.latin_only:
            self.scripts = ("Latn",)
        self._borne: set[tuple[int, Name]] = set()

    def settle(self, draft: Draft) -> tuple[Name, Name, Name, Name]:
        """Fix and return given, father's, grandfather's and family name of a draft."""
        father, grandfather, family = draft.father_name, draft.grandfather_name, draft.family
        if draft.father is not None and father is None:
            father, grandfather, _, family = self.settle(draft.father)
        father = father or draw_given(self._rng, Sex.MALE, self.kurmanji)
        grandfather = grandfather or draw_given(self._rng, Sex.MALE, self.kurmanji)
        family = family or draw_family(self._rng)
        given = draft.given or self._given(draft)
        draft.given, draft.father_name = given, father
        draft.grandfather_name, draft.family = grandfather, family
        return given, father, grandfather, family

    def _given(self, draft: Draft) -> Name:
        parent = id(draft.father or draft.mother or draft)
        for _ in range(_TRIES):
            given = draw_given(self._rng, draft.sex, self.kurmanji)
            if (parent, given) not in self._borne:
                break
        self._borne.add((parent, given))
        return given

    def written(self, draft: Draft) -> tuple[WrittenName, ...]:
        """The writings of a settled draft's name, one per script of the household."""
        parts = list(self.settle(draft))
        if draft.mother_names is not None:
            parts.extend(draft.mother_names)
        elif draft.mother is not None:
            given, _, _, family = self.settle(draft.mother)
            parts.extend((given, family))
        else:
            parts.extend((draw_given(self._rng, Sex.FEMALE, self.kurmanji), draw_family(self._rng)))
        draft.mother_names = (parts[4], parts[5])
        return tuple(self._write(parts, script) for script in self.scripts)

    def _write(self, parts: list[Name], script: Script) -> WrittenName:
        rng = self._rng
        words = [part.arabic if script == "Arab" else part.latin for part in parts]
        if rng.random() < self._shares.varied_spelling:
            # One part is spelt by another hand.
            at = int(rng.random() * 4)
            words[at] = respell(rng, words[at], script)
        given, father, grandfather, family, mother, mothers = words
        full = (
            f"{given} {father} {family}"
            if rng.random() < 0.6
            else f"{given} {father} {grandfather} {family}"
        )
        return WrittenName(script, full, given, father, grandfather, family, f"{mother} {mothers}")

    def kunya(self, draft: Draft, children: list[Draft]) -> str | None:
        """Abu or Umm and the eldest son, else the eldest child; None when not used."""
        if not children or self._rng.random() >= self._shares.kunya:
            return None
        sons = [child for child in children if child.sex == Sex.MALE]
        eldest = max(sons or children, key=lambda child: child.days)
        return kunya(draft.sex, self.settle(eldest)[0], self.scripts[0])

    def nickname(self) -> str | None:
        """A nickname in the household's first script; None for most."""
        if self._rng.random() >= self._shares.nickname:
            return None
        name = NICKNAMES[int(self._rng.random() * len(NICKNAMES))]
        return name.arabic if self.scripts[0] == "Arab" else name.latin
