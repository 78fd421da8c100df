"""What clerks write of an invented population: slips, second tables, people who are missed."""

import re
import tracemalloc
from collections import Counter
from datetime import date
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.exercise.population import (
    Kind,
    Registration,
    Relationship,
    Shares,
    households,
    missing,
    registrations,
    slip,
)

AS_OF = date(2026, 11, 24)
seeds = st.integers(min_value=0, max_value=2**32)


@pytest.fixture(scope="module")
def written() -> list[Registration]:
    return list(registrations(7, 12_000, AS_OF))


@settings(max_examples=30, deadline=None)
@given(seed=seeds, people=st.integers(0, 150))
def test_the_tables_write_exactly_as_many_records_under_keys_of_their_own(seed, people):
    found = list(registrations(seed, people, AS_OF, shares=Shares(registered_twice=0.3)))
    keys = [person.key for one in found for person in one.household.members]
    assert len(keys) == len(set(keys)) == people
    assert len({one.household.key for one in found}) == len(found)


def test_the_same_arguments_write_the_same_and_a_longer_run_begins_with_the_shorter():
    once, again = (list(registrations(5, 800, AS_OF)) for _ in range(2))
    assert once == again != list(registrations(6, 800, AS_OF))
    longer = list(islice(registrations(5, 8_000, AS_OF), len(once)))
    assert once[:-1] == longer[:-1]


def test_the_second_record_is_of_somebody_who_was_written_before(written):
    before = {}
    twice = 0
    for one in written:
        if one.again_of:
            twice += 1
            old = before[one.again_of]
            assert old.place == one.household.place
            for new, first in one.same:
                person = next(p for p in one.household.members if p.key == new)
                same = next(p for p in old.members if p.key == first)
                assert (person.sex, person.born) == (same.sex, same.born)
                assert person.age is None or abs(person.years(AS_OF) - person.age.years) <= 2
        before[one.household.key] = one.household
    assert twice / len(written) == pytest.approx(Shares().registered_twice, abs=0.01)


def test_other_clerks_spell_otherwise(written):
    first = {p.key: p for one in written for p in one.household.members}
    pairs = [(first[new], first[old]) for one in written for new, old in one.same if old in first]
    assert len(pairs) > 50
    differ = sum(new.names[0].full != old.names[0].full for new, old in pairs)
    assert 0.5 < differ / len(pairs) < 1


def test_slips_are_rare_and_leave_a_name(written):
    truth = {p.key: p for h in households(7, 12_000, AS_OF) for p in h.members}
    names = [
        (name.full, was.full)
        for one in written if not one.again_of
        for person in one.household.members
        for name, was in zip(person.names, truth[person.key].names, strict=True)
    ]  # fmt: skip
    slipped = [(now, was) for now, was in names if now != was]
    assert len(slipped) / len(names) == pytest.approx(Shares().slip, abs=0.01)
    for now, was in slipped:
        assert now[0] == was[0] and abs(len(now) - len(was)) <= 4
    glued = [now for now, was in slipped if "عبدال" in now and "عبد ال" in was]
    assert glued


@given(st.text("abcdefghابتعبد ", min_size=1, max_size=30), seeds)
def test_a_slip_changes_little(name, seed):
    name = " ".join(name.split()) or "a"
    after = slip(Random(seed), name)
    assert abs(len(after) - len(name)) <= 4
    assert not re.search(r"^ | $", after)


def test_kunyas_and_nicknames_are_written(written):
    people = [p for one in written for p in one.household.members]
    known = Counter(bool(p.kunya) for p in people)
    assert known[True] > 1_000
    assert any(p.kunya and p.kunya.startswith(("أم", "أبو")) for p in people)
    assert any(p.nickname for p in people)


def test_people_are_missed_by_who_lost_them():
    crowd = {h.key: h for h in households(9, 12_000, AS_OF, shares=Shares(takes_in_child=0.1))}
    found = [(h, one) for h in crowd.values() for one in missing(9, h, AS_OF)]
    assert [one for _h, one in found] == [
        one for h in crowd.values() for one in missing(9, h, AS_OF)
    ]
    relations = Counter(one.relationship for _h, one in found)
    assert relations[Relationship.SPOUSE] > 30 and relations[Relationship.PARENT] > 30
    for household, one in found:
        enquirer = next(p for p in household.members if p.key == one.enquirer)
        assert one.household != household.key
        if one.relationship == Relationship.SPOUSE:
            assert household.kind == Kind.MOTHER_ALONE and enquirer.marital == "MA"
        else:
            assert enquirer.years(AS_OF) < 18 < one.years
            assert one.household is None or one.household in crowd
    assert any(one.household for _h, one in found)
    assert not all(one.household for _h, one in found)


def test_memory_does_not_grow_with_the_records():
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in registrations(1, count, AS_OF):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1_500)
    assert peak(6_000) < peak(1_500) * 1.5 + 2_000_000
