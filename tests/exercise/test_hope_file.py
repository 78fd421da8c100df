"""The registration file: what is written must be what was made, and each fault where it is told."""

import os
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from corridor.exercise.hope_faults import HOUSEHOLDS, INDIVIDUALS, Fault
from corridor.exercise.hope_file import FIRST_DATA_ROW, HopeFile, write_hope_file
from corridor.exercise.population import Household, households

AS_OF = date(2026, 11, 24)
SHARED = Path(
    os.environ.get("CORRIDOR_SHARED", Path(__file__).resolve().parents[2].parent / "shared")
)

Sheet = list[dict[str, object]]


def read(path: Path, name: str) -> Sheet:
    """All rows of a sheet after the two head rows, by field."""
    book = load_workbook(path, read_only=True)
    rows = [list(row) for row in book[name].iter_rows(values_only=True)]
    book.close()
    width = len(rows[0])
    return [
        dict(zip(rows[0], row + [None] * (width - len(row)), strict=True))
        for row in rows[FIRST_DATA_ROW - 1 :]
    ]


@pytest.fixture(scope="module")
def people() -> list[Household]:
    return list(households(21, 600, AS_OF))


@pytest.fixture(scope="module")
def clean(tmp_path_factory, people) -> tuple[Path, HopeFile]:
    path = tmp_path_factory.mktemp("hope") / "clean.xlsx"
    return path, write_hope_file(path, people, as_of=AS_OF)


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> tuple[Path, HopeFile]:
    path = tmp_path_factory.mktemp("hope") / "broken.xlsx"
    faults = dict.fromkeys(Fault, 0.04)
    return path, write_hope_file(
        path, households(22, 2_500, AS_OF), as_of=AS_OF, faults=faults, seed=3
    )


def test_a_clean_file_holds_every_household_and_person(clean, people):
    path, written = clean
    homes, persons = read(path, HOUSEHOLDS), read(path, INDIVIDUALS)
    assert written == HopeFile(len(homes), len(persons), ())
    assert [row["household_id"] for row in homes] == [h.key for h in people]
    everyone = [(h, p) for h in people for p in h.members]
    assert len(persons) == len(everyone) == 600
    for row, (household, person) in zip(persons, everyone, strict=True):
        assert row["household_id"] == household.key
        assert row["full_name_i_c"] == person.names[0].full
        assert row["gender_i_c"] == person.sex.name
        assert row["phone_no_i_c"] == person.phone
        assert row["pregnant_i_c"] is person.pregnant


def test_counts_of_a_household_add_up_to_its_size_and_its_rows(clean):
    path, _ = clean
    rows = Counter(row["household_id"] for row in read(path, INDIVIDUALS))
    heads = Counter(
        row["household_id"] for row in read(path, INDIVIDUALS) if row["relationship_i_c"] == "HEAD"
    )
    for row in read(path, HOUSEHOLDS):
        bands = [
            row[f"{sex}_{band}_h_c"]
            for sex in "fm"
            for band in ("0_5_age_group", "6_11_age_group", "12_17_age_group", "adults")
        ]
        assert sum(bands) == row["size_h_c"] == rows[row["household_id"]]
        assert heads[row["household_id"]] == 1


def test_a_birth_date_that_is_not_known_to_the_day_is_flagged(clean, people):
    path, _ = clean
    everyone = [p for h in people for p in h.members]
    for row, person in zip(read(path, INDIVIDUALS), everyone, strict=True):
        assert isinstance(row["birth_date_i_c"], datetime)
        exact = person.birth is not None and person.birth.precision == "day"
        assert row["estimated_birth_date_i_c"] is not exact
        if exact:
            assert row["birth_date_i_c"].date() == person.born
        if person.age is not None:
            assert row["age"] == person.age.years


def test_every_field_stands_in_files_of_hope(clean):
    folder = SHARED / "realdata" / "hope"
    if not folder.exists():
        pytest.skip("files of other systems are not beside the repository")
    books = [
        load_workbook(folder / name, read_only=True)
        for name in ("rdi_import_50_hh_50_ind.xlsx", "error-xlsx.xlsx")
    ]
    ours = load_workbook(clean[0], read_only=True)
    for name in (HOUSEHOLDS, INDIVIDUALS):
        known = {cell for book in books for cell in next(book[name].iter_rows(values_only=True))}
        fields = next(ours[name].iter_rows(values_only=True))
        assert len(fields) == len(set(fields))
        assert set(fields) <= known


def test_every_fault_stands_where_it_is_told(broken):
    path, written = broken
    sheets = {name: read(path, name) for name in (HOUSEHOLDS, INDIVIDUALS)}
    assert {planted.fault for planted in written.planted} == set(Fault)
    assert written.individuals == len(sheets[INDIVIDUALS])
    assert written.households == len(sheets[HOUSEHOLDS])
    for planted in written.planted:
        row = sheets[planted.sheet][planted.row - FIRST_DATA_ROW]
        assert row[planted.field] == planted.written, planted
        if planted.fault != Fault.UNKNOWN_HOUSEHOLD:
            assert row["household_id"] == planted.household
        if planted.repeats is not None:
            first = sheets[planted.sheet][planted.repeats - FIRST_DATA_ROW]
            assert planted.repeats < planted.row
            if planted.fault == Fault.REGISTERED_TWICE:
                assert first["household_id"] != row["household_id"]
                assert first["gender_i_c"] == row["gender_i_c"]
            else:
                assert first == row


def test_each_fault_is_the_only_one_in_its_household(broken):
    path, written = broken
    hit = Counter(planted.household for planted in written.planted)
    assert set(hit.values()) == {1}
    kind = {planted.household: planted.fault for planted in written.planted}
    by_home: dict[object, Sheet] = {}
    for row in read(path, INDIVIDUALS):
        by_home.setdefault(row["household_id"], []).append(row)
    for home in read(path, HOUSEHOLDS):
        key = home["household_id"]
        rows, fault = by_home[key], kind.get(key)
        heads = sum(row["relationship_i_c"] == "HEAD" for row in rows)
        assert heads == {Fault.MISSING_HEAD: 0, Fault.TWO_HEADS: 2}.get(
            fault, heads if fault == Fault.ROW_TWICE else 1
        )
        off = fault in {Fault.WRONG_SIZE, Fault.UNKNOWN_HOUSEHOLD, Fault.ROW_TWICE}
        assert (home["size_h_c"] != len(rows)) is off, (key, fault)


def test_a_ruined_phone_has_lost_its_digits(broken):
    ruined = [p for p in broken[1].planted if p.fault == Fault.PHONE_SCIENTIFIC]
    assert ruined
    assert all(str(p.written).startswith("9.994") and "E+11" in str(p.written) for p in ruined)


def test_the_same_seed_plants_the_same_faults(tmp_path):
    def planted(seed: int):
        faults = {Fault.TWO_HEADS: 0.2, Fault.WRONG_SIZE: 0.2}
        people = households(1, 300, AS_OF)
        path = tmp_path / f"{seed}.xlsx"
        return write_hope_file(path, people, as_of=AS_OF, faults=faults, seed=seed).planted

    assert planted(1) == planted(1)
    assert planted(1) != planted(2)


@pytest.mark.parametrize("faults", [{Fault.TWO_HEADS: -0.1}, dict.fromkeys(Fault, 0.1)])
def test_impossible_shares_of_faults_are_refused_before_anything_is_written(tmp_path, faults):
    path = tmp_path / "none.xlsx"
    with pytest.raises(ValueError, match="faults"):
        write_hope_file(path, households(1, 10, AS_OF), as_of=AS_OF, faults=faults)
    assert not path.exists()
