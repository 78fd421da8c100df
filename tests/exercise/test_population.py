"""Laws of the invented population: every household and person must be one that can exist."""

import os
import re
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.exercise.population import (
    CODES,
    PLACES,
    RESTRICTED,
    Household,
    Kind,
    Person,
    Relationship,
    Sex,
    Shares,
    households,
    spellings,
)

AS_OF = date(2026, 11, 24)
SHARED = Path(
    os.environ.get("CORRIDOR_SHARED", Path(__file__).resolve().parents[2].parent / "shared")
)

seeds = st.integers(min_value=0, max_value=2**32)
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2040, 12, 31))


@pytest.fixture(scope="module")
def crowd() -> list[Household]:
    return list(households(11, 30_000, AS_OF))


@pytest.fixture(scope="module")
def people(crowd: Sequence[Household]) -> list[Person]:
    return [person for household in crowd for person in household.members]


@settings(max_examples=60, deadline=None)
@given(seed=seeds, people=st.integers(0, 120), as_of=days)
def test_a_stream_holds_exactly_the_people_asked_for_under_keys_of_their_own(seed, people, as_of):
    found = list(households(seed, people, as_of))
    keys = [person.key for household in found for person in household.members]
    assert len(keys) == len(set(keys)) == people
    assert len({household.key for household in found}) == len(found)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, as_of=days)
def test_every_household_has_one_head_or_declares_that_it_has_none(seed, as_of):
    for household in households(seed, 200, as_of):
        heads = [p.key for p in household.members if p.relationship == Relationship.HEAD]
        if household.head is None:
            assert household.kind == Kind.UNACCOMPANIED
            assert not heads
            assert all(person.years(as_of) < 18 for person in household.members)
        else:
            assert heads == [household.head] == [household.members[0].key]


@settings(max_examples=60, deadline=None)
@given(seed=seeds, as_of=days)
def test_ages_births_and_families_are_possible(seed, as_of):
    for household in households(seed, 200, as_of):
        for person in household.members:
            years = person.years(as_of)
            assert 0 <= years < 100
            assert years >= 18 or (person.marital == "SN" and not person.pregnant)
            assert not (person.pregnant or person.breastfeeding) or person.sex == Sex.FEMALE
            assert not person.pregnant or years <= 46
            assert (person.breastfed is not None) == (person.born > _years_before(as_of, 2))
            assert not (person.lying and person.wheelchair)
            assert (person.washington_group is None) == (years < 5)
        if household.kind in {Kind.FAMILY, Kind.MOTHER_ALONE}:
            role = Relationship.SPOUSE if household.kind == Kind.FAMILY else Relationship.HEAD
            mothers = [p for p in household.members if p.relationship == role]
            births = sorted(
                p.born for p in household.members if p.relationship == Relationship.CHILD
            )
            for mother in mothers:
                assert all(17 <= (born - mother.born).days / 365.25 <= 46 for born in births)
            assert all((b - a).days > 365 for a, b in pairwise(births))


def _years_before(day: date, years: int) -> date:
    return date.fromordinal(day.toordinal() - 365 * years)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, as_of=days)
def test_birth_is_stated_once_and_an_unknown_day_is_never_a_first_of_january(seed, as_of):
    length = {"day": 10, "month": 7, "year": 4, "decade": 4}
    for household in households(seed, 200, as_of):
        for person in household.members:
            assert (person.birth is None) != (person.age is None)
            if person.age is not None:
                assert person.age.as_of == as_of
                assert abs(person.age.years - person.years(as_of)) <= 2
            elif person.birth is not None:
                value = person.birth.value
                assert len(value) == length[person.birth.precision]
                if person.birth.precision in {"day", "month"}:
                    assert person.born.isoformat().startswith(value)
                else:
                    assert abs(int(value) - person.born.year) <= 12
                    assert int(value) <= as_of.year


def test_the_same_arguments_give_the_same_people_and_another_seed_gives_others():
    once, again = (list(households(5, 500, AS_OF)) for _ in range(2))
    assert once == again
    assert once != list(households(6, 500, AS_OF))


def test_a_longer_run_begins_with_the_shorter_one():
    shorter = list(households(5, 500, AS_OF))
    longer = list(islice(households(5, 5_000, AS_OF), len(shorter)))
    assert shorter[:-1] == longer[:-1]


def test_origin_is_absent_unless_asked_for_and_changes_nothing_else():
    plain = list(households(5, 2_000, AS_OF))
    audited = list(households(5, 2_000, AS_OF, with_origin=True))
    assert {p.origin for h in plain for p in h.members} == {None}
    assert len({p.origin for h in audited for p in h.members}) == 4
    for one, other in zip(plain, audited, strict=True):
        assert [(p.key, p.names, p.needs) for p in one.members] == [
            (p.key, p.names, p.needs) for p in other.members
        ]


def test_needs_are_known_codes_and_never_mark_suspicion(people):
    given_out = {code for person in people for code in person.needs}
    assert given_out == CODES
    assert all(list(p.needs) == sorted(set(p.needs)) for p in people)


def test_codes_and_their_handling_agree_with_the_standard():
    path = SHARED / "standards.md"
    if not path.exists():
        pytest.skip("the field standards are not beside the repository")
    section = path.read_text(encoding="utf-8").split("### 1.5")[1].split("### 1.6")[0]
    handling = {
        code.strip(): letter
        for codes, letter in re.findall(r"^\| ([A-Z, -]+) \|.*\| ([ORX]) \|$", section, re.M)
        for code in codes.split(",")
    }
    assert len(handling) > 90
    assert {code: handling[code] for code in CODES} == {
        code: "R" if code in RESTRICTED else "O" for code in CODES
    }


def test_needs_follow_from_the_make_up_of_the_household(crowd):
    for household in crowd:
        members = household.members
        adults = [p for p in members if p.years(AS_OF) >= 18]
        for person in members:
            if {"ER-UR", "ER-OC", "ER-MC"} & set(person.needs):
                assert all(p.years(AS_OF) >= 60 for p in adults)
            if "ER-UR" in person.needs:
                assert len(members) == 1
            if "SP-PT" in person.needs:
                assert len(adults) == 1
                assert len(members) > 1
            if "CR-CH" in person.needs:
                assert person.key == household.head
                assert person.years(AS_OF) < 18
            if {"PG", "PG-HR"} & set(person.needs):
                assert person.pregnant


def test_shares_are_met(crowd, people):
    shares = Shares()
    adults = [p for p in people if p.years(AS_OF) >= 18]
    assert 4.3 < len(people) / len(crowd) < 5.6
    assert 0.47 < 1 - len(adults) / len(people) < 0.6
    assert 0.03 < sum(p.years(AS_OF) >= 60 for p in people) / len(people) < 0.08
    assert 0.48 < sum(p.sex == Sex.FEMALE for p in people) / len(people) < 0.54
    no_document = sum("LP-ND" in p.needs for p in people) / len(people)
    assert no_document == pytest.approx(shares.no_document, abs=0.01)
    phones = [p for p in people if p.years(AS_OF) >= 16]
    assert sum(p.phone is not None for p in phones) / len(phones) == pytest.approx(
        shares.phone, abs=0.02
    )
    kinds = Counter(household.kind for household in crowd)
    for kind, weight in shares.kinds.items():
        assert kinds[kind] / len(crowd) == pytest.approx(weight, abs=0.02)
    assert 0.003 < sum(p.lying for p in people) / len(people) < 0.01
    assert 0.002 < sum(p.wheelchair for p in people) / len(people) < 0.008


def test_another_share_makes_another_population():
    none = Shares(no_document=0, look_alike=0, takes_in_child=0, pregnant=0)
    found = [p for h in households(3, 3_000, AS_OF, shares=none) for p in h.members]
    assert not any("LP-ND" in p.needs or p.pregnant or p.look_alike_of for p in found)
    alone = Shares(kinds={Kind.SINGLE_OLDER: 1.0})
    assert all(
        len(h.members) == 1 and h.members[0].years(AS_OF) >= 60
        for h in households(3, 300, AS_OF, shares=alone)
    )


def test_names_are_written_in_their_script_and_families_share_them(crowd):
    arabic = re.compile(r"[\u0600-\u06ff ]+")
    latin = re.compile(r"[A-Za-z' -]+")
    for household in crowd[:2_000]:
        for person in household.members:
            for name in person.names:
                pattern = arabic if name.script == "Arab" else latin
                words = (name.full, name.given, name.father, name.grandfather, name.family)
                assert all(pattern.fullmatch(word) for word in words), name
                assert name.full.startswith(name.given)
    exact = Shares(varied_spelling=0)
    for household in households(4, 3_000, AS_OF, shares=exact):
        head = household.members[0]
        if household.kind == Kind.FAMILY:
            children = [p for p in household.members if p.relationship == Relationship.CHILD]
            assert all(c.names[0].father == head.names[0].given for c in children)
            assert all(c.names[0].family == head.names[0].family for c in children)
            assert len({c.names[0].given for c in children}) == len(children)


def test_look_alikes_bear_the_name_of_another_person_of_nearly_their_age():
    exact = Shares(varied_spelling=0, arabic_only=1, latin_only=0)
    seen = {p.key: p for h in households(9, 10_000, AS_OF, shares=exact) for p in h.members}
    alike = [p for p in seen.values() if p.look_alike_of]
    assert len(alike) > 20
    for person in alike:
        other = seen[person.look_alike_of]
        assert other.key != person.key
        assert other.sex == person.sex
        assert abs((other.born - person.born).days) < 2 * 366
        for part in ("given", "father", "family"):
            assert getattr(other.names[0], part) == getattr(person.names[0], part)


def test_separated_children_bear_the_names_of_the_parents_they_lost():
    exact = Shares(varied_spelling=0, arabic_only=1, latin_only=0, takes_in_child=0.2)
    found = {h.key: h for h in households(9, 10_000, AS_OF, shares=exact)}
    lost = [(h, p) for h in found.values() for p in h.members if p.separated_from]
    assert len(lost) > 20
    for household, child in lost:
        parents = found[child.separated_from]
        father, mother = parents.members[:2]
        assert parents.key != household.key
        assert child.years(AS_OF) < 18
        assert "FU-TR" in child.needs
        assert {"SC-SC", "SC-UC"} & set(child.needs)
        name = child.names[0]
        assert (name.father, name.family) == (father.names[0].given, father.names[0].family)
        assert name.mother == f"{mother.names[0].given} {mother.names[0].family}"
        assert 17 <= (child.born - mother.born).days / 365.25 <= 46


def test_phones_belong_to_no_country_and_places_are_known(people, crowd):
    assert all(re.fullmatch(r"\+9994\d{8}", p.phone) for p in people if p.phone)
    assert {h.place for h in crowd} == set(PLACES)
    assert len({place.code for place in PLACES}) == len(PLACES)


def test_spellings_differ_from_the_name_and_from_each_other():
    assert "ابراهيم" in spellings("إبراهيم", "Arab")
    assert "Yousouf" in spellings("Yusuf", "Latn")
    assert "el-Nahlawi" in spellings("al-Nahlawi", "Latn")
    for name in ("Fatima", "al-Rummani", "Abd al-Rahman"):
        others = spellings(name, "Latn")
        assert name not in others
        assert len(others) == len(set(others))


def test_memory_does_not_grow_with_the_people():
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in households(1, count, AS_OF):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2_000)
    # 8,000 people held at once would take far more than this.
    assert peak(8_000) < peak(2_000) * 1.5 + 2_000_000


@pytest.mark.parametrize(
    ("people", "as_of", "word"),
    [(-1, AS_OF, "people"), (10, date(1900, 1, 1), "as_of")],
)
def test_impossible_arguments_are_refused_by_name(people, as_of, word):
    with pytest.raises(ValueError, match=word):
        households(1, people, as_of)


def test_impossible_shares_are_refused_by_name():
    with pytest.raises(ValueError, match="phone"):
        Shares(phone=1.2)
    with pytest.raises(ValueError, match="disability"):
        Shares(disability=(0.1, -0.1, 0.2))
    with pytest.raises(ValueError, match="kinds"):
        Shares(kinds={Kind.SINGLE: 0.0})
