"""Specific needs: the codes an exercise uses (STD 1.5), and who gets which.

A need follows from the household's make-up (a mother alone, an older person alone), from age,
or from a share. Codes marked X in STD 1.5 label suspicion and are never given.
"""

from random import Random

from corridor.exercise.population.drafts import Draft
from corridor.exercise.population.records import Kind, Relationship, Sex
from corridor.exercise.population.shares import Shares

ADULT, OLDER = 18, 60
"""First ages of the adult and the older band (STD 1.10)."""

RESTRICTED = frozenset(
    {
        "CR-CH",
        "CR-LO",
        "SC-CH",
        "SC-SC",
        "SC-UC",
        "WR-HR",
        "WR-SF",
        "WR-UW",
        "DS-MM",
        "DS-MS",
        "SM-CC",
        "SM-CI",
        "SM-MI",
        "SM-MN",
        "PG-HR",
        "TR-PI",
        "SV-VA",
    }
)
"""Codes in use that only health, child protection and protection may read (STD 1.5, R)."""

CODES = RESTRICTED | frozenset(
    {
        "CR-NE",
        "ER-FR",
        "ER-MC",
        "ER-OC",
        "ER-UR",
        "SP-CG",
        "SP-GP",
        "SP-PT",
        "DS-BD",
        "DS-DF",
        "DS-SD",
        "DS-PM",
        "DS-PS",
        "PG",
        "PG-LC",
        "FU-TR",
        "LP-MD",
        "LP-ND",
    }
)
"""Every code an exercise may give."""

_DISABILITIES = (  # mild code, severe code, question of STD 9.8 it shows in
    ("DS-PM", "DS-PS", 2),
    ("DS-BD", "DS-BD", 0),
    ("DS-DF", "DS-DF", 1),
    ("DS-SD", "DS-SD", 5),
    ("DS-MM", "DS-MS", 3),
)
_DISABILITY_TENTHS = (0, 0, 0, 0, 0, 1, 1, 2, 3, 4)
_SELF_CARE, _WALKING = 4, 2

_UNDER_CARE = frozenset({Relationship.CHILD, Relationship.GRANDCHILD, Relationship.SIBLING})


def give_needs(rng: Random, shares: Shares, kind: Kind, drafts: list[Draft]) -> None:
    """Set needs, pregnancy, feeding, mobility and answers on each draft of one household."""
    displaced = rng.random() < shares.displaced_before
    for draft in drafts:
        years = draft.years
        band = 0 if years < ADULT else 1 if years < OLDER else 2
        _health(rng, shares, draft, band)
        if years < ADULT:
            _childhood(rng, shares, draft)
        elif rng.random() < shares.survivor:
            draft.needs.add("SV-VA" if draft.sex == Sex.FEMALE else "TR-PI")
        if displaced and years >= ADULT:
            draft.needs.add("LP-MD")
    _mothers_and_infants(rng, shares, drafts)
    _make_up(kind, drafts)


def _health(rng: Random, shares: Shares, draft: Draft, band: int) -> None:
    roll = rng.random
    if draft.years >= 1 and roll() < shares.disability[band]:
        _disability(rng, shares, draft)
    if roll() < shares.chronic[band]:
        draft.needs.add("SM-CI")
    if roll() < shares.wounded[band]:
        draft.needs.add("SM-CC")
        if roll() < shares.lying_if_wounded:
            _lie_down(draft)
    if band == 2 and roll() < shares.older_frail:
        draft.needs.add("ER-FR")
        draft.answer(_SELF_CARE, 3)
    if band and roll() < shares.mental_illness:
        draft.needs.add("SM-MI")


def _disability(rng: Random, shares: Shares, draft: Draft) -> None:
    mild, severe, question = _DISABILITIES[_DISABILITY_TENTHS[rng.getrandbits(16) % 10]]
    is_severe = rng.random() < shares.severe
    draft.needs.add(severe if is_severe else mild)
    draft.answer(question, 4 if is_severe else 3)
    if is_severe and question == _WALKING:
        roll = rng.random()
        if roll < shares.lying_if_severe:
            _lie_down(draft)
        elif draft.years >= 3:
            draft.wheelchair = roll < shares.lying_if_severe + shares.wheelchair_if_severe


def _lie_down(draft: Draft) -> None:
    draft.lying = True
    draft.wheelchair = False
    draft.answer(_WALKING, 4)


def _childhood(rng: Random, shares: Shares, draft: Draft) -> None:
    if draft.years < 5:
        if draft.days >= 183 and rng.random() < shares.malnutrition:
            draft.needs.add("SM-MN")
    elif draft.years >= 6 and rng.random() < shares.out_of_school:
        draft.needs.add("CR-NE")
        if draft.years >= 12 and rng.random() < shares.child_labour / (shares.out_of_school or 1):
            draft.needs.add("CR-LO")


def _mothers_and_infants(rng: Random, shares: Shares, drafts: list[Draft]) -> None:
    youngest: dict[int, Draft] = {}
    for draft in drafts:
        if draft.days < 730:
            draft.breastfed = False
        if draft.mother is not None:
            known = youngest.get(id(draft.mother))
            if known is None or draft.days < known.days:
                youngest[id(draft.mother)] = draft
    for draft in drafts:
        if draft.sex != Sex.FEMALE or not ADULT <= draft.years <= 50:
            continue
        infant = youngest.get(id(draft))
        if infant is not None and infant.breastfed is False and rng.random() < shares.breastfeeding:
            infant.breastfed = draft.breastfeeding = True
            draft.needs.add("PG-LC")
        # No woman is both far from a birth and near one: a year lies between.
        free = infant is None or infant.days > 365
        if draft.marital == "MA" and draft.years <= 45 and free and rng.random() < shares.pregnant:
            draft.pregnant = True
            high = rng.random() < shares.pregnancy_high_risk
            draft.needs.add("PG-HR" if high else "PG")


def _make_up(kind: Kind, drafts: list[Draft]) -> None:
    head = drafts[0]
    adults = [d for d in drafts if d.years >= ADULT]
    minors = [d for d in drafts if d.years < ADULT]
    for draft in drafts:
        if draft.separated is not None:
            draft.needs.update((draft.separated, "FU-TR"))
    if kind == Kind.UNACCOMPANIED:
        for draft in drafts:
            draft.needs.update(("SC-UC", "FU-TR"))
        return
    if head.years < ADULT:
        head.needs.update(("CR-CH", "SC-CH"))
        for draft in drafts[1:]:
            draft.needs.add("SC-CH")
        return
    if len(adults) == 1 and any(d.relationship in _UNDER_CARE for d in minors):
        caring = {d.relationship for d in minors}
        head.needs.add(
            "SP-PT"
            if Relationship.CHILD in caring
            else "SP-GP"
            if Relationship.GRANDCHILD in caring
            else "SP-CG"
        )
    _women(head, adults)
    if all(d.years >= OLDER for d in adults):
        code = "ER-MC" if minors else "ER-UR" if len(drafts) == 1 else "ER-OC"
        for draft in adults:
            draft.needs.add(code)


def _women(head: Draft, adults: list[Draft]) -> None:
    if any(d.sex == Sex.MALE for d in adults):
        return
    for draft in adults:
        if draft.years < OLDER:
            draft.needs.add("WR-SF" if len(adults) == 1 and draft.marital != "MA" else "WR-UW")
    if len(adults) == 1:
        head.needs.add("WR-HR")
