"""The index in a database gives the answers of the index in memory, and what is added is found."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlcipher3

from corridor.engines.matching import chunks
from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.invented.register import Ground, typed_arabic
from corridor.engines.matching.search import adjust, search
from corridor.engines.matching.tables import Tables
from corridor.engines.names.parts import parts
from tests import postgres

SIZE = 250


@pytest.fixture(params=["sqlite", "sqlcipher"])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tables]:
    driver: Any = sqlite3 if request.param == "sqlite" else sqlcipher3
    connection = driver.connect(str(tmp_path / "names.db"))
    if request.param == "sqlcipher":
        connection.execute("PRAGMA key = 'of a test'")
    yield Tables(connection)
    connection.close()


def made(size: int = SIZE) -> tuple[list[Person], list[Person]]:
    """A register in Latin, Arabic and both; enquiries in Arabic and Latin."""
    ground = Ground(11)
    clerk, other = ground.clerk("english"), ground.clerk("local")
    people = ground.people(size)
    register = [
        Person(
            str(n), ground.latin(p, clerk) if n % 5 else typed_arabic(ground, p),
            p.age if n % 7 else None, p.sex, name2=typed_arabic(ground, p) if n % 9 == 1 else "",
            extra={"phone": f"70012{n:04d}"} if n % 3 == 0 else {},
        )
        for n, p in enumerate(people)
    ]  # fmt: skip
    asked = []
    for n in random.Random(5).sample(range(size), 40):
        text = typed_arabic(ground, people[n]) if n % 2 else ground.latin(people[n], other)
        asked.append(ground.enquiry(people[n], text))
    common = Person("q", "محمد احمد", None, "")
    phone = Person("q", people[3].names[0], None, "", extra={"phone": "0700120003"})
    return register, [*asked, common, phone, Person("q", "م محمد"), Person("q", "unknown")]


def answers(store: Any, asked: Person) -> list[tuple[str, float, str]]:
    found = search(store, asked)
    return [(one.person.pid, round(one.score, 9), one.reasons) for one in found]


def assert_same(tables: Tables, register: list[Person], asked: list[Person]) -> None:
    arrays = Arrays(register)
    for one in asked:
        assert answers(tables, one) == answers(arrays, one)


def test_the_answers_are_those_of_the_arrays(tables: Tables) -> None:
    register, asked = made()
    tables.fill(register)
    assert_same(tables, register, asked)
    assert sum(bool(answers(tables, one)) for one in asked) > 35


def test_plain_python_answers_as_machine_code_does(tables: Tables) -> None:
    register, asked = made()
    tables.fill(register)
    plain = Tables(tables.connection, plain=True)
    for one in asked:
        assert answers(plain, one) == answers(tables, one)


def test_chunks_that_split_and_trees_that_grow_change_no_answer(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "MOST", 4)
    register, asked = made()
    twice = Person("twice", "Mohammed Mohammed Mohammed", 20, "m")
    nobody = Person("nobody", "unknown", 20, "m")
    register = [*register, twice, nobody]
    for at in range(0, len(register), 9):
        tables.fill(register[at : at + 9])
    assert_same(tables, register, [*asked, twice, nobody])
    for one in register[::3]:
        tables.remove(one.pid)
    assert_same(tables, [one for n, one in enumerate(register) if n % 3], asked)


def test_a_search_writes_nothing(tables: Tables, tmp_path: Path) -> None:
    register, asked = made(60)
    tables.fill(register)
    tables.connection.commit()
    tables.connection.execute("PRAGMA query_only = ON")
    reader = Tables(tables.connection)
    assert any(answers(reader, one) for one in asked[:5])
    assert not tables.connection.in_transaction


def test_somebody_corrected_is_found_as_they_are_now(tables: Tables) -> None:
    register, _ = made(60)
    tables.fill([*register, Person("7000", "Zenobia Palmyrene", 30, "f")])
    tables.remove("7000")
    tables.remove("of nobody")
    tables.add(Person("7000", "Wilhelmina Oppenheim", 31, "f"))
    found = search(tables, Person("q", "Wilhelmina Oppenheim", 31, "f"))
    assert found[0].person == Person("7000", "Wilhelmina Oppenheim", 31, "f")
    assert all(one.person.pid != "7000" for one in search(tables, Person("q", "Zenobia Palmyrene")))


def test_an_answer_does_not_depend_on_what_was_asked_before(tables: Tables) -> None:
    heard = ("Abdelrahman", "Abderrahmane", "Abdurahman", "Abdrahman", "Abdalrahman", "Abdulrahim")
    register = [Person(name, f"{name} Haddad", 30, "m") for name in heard]
    tables.fill(register)
    apart, glued = parts("عبد الرحمن")[0], parts("عبدالرحمن")[0]
    assert apart.key == glued.key
    assert adjust(tables, apart).ratio != adjust(tables, glued).ratio
    for first, then in ((apart, glued), (glued, apart)):
        for used, fresh in (
            (Arrays(register), Arrays(register)),
            (Tables(tables.connection), Tables(tables.connection)),
        ):
            adjust(used, first)
            assert adjust(used, then) == adjust(fresh, then)


def test_somebody_added_is_found_by_the_next_search_of_any_process(tables: Tables) -> None:
    register, asked = made(120)
    tables.fill(register[:100])
    arrays = Arrays(register[:100])
    other = Tables(tables.connection)
    for one in asked[:5]:
        assert answers(other, one) == answers(arrays, one)
    for person in [*register[100:], Person("new", "Zenobia Haddad", 30, "f")]:
        tables.add(person)
        arrays.add(person)
    assert search(other, Person("q", "زنوبيا حداد"), top=1)[0].person.pid == "new"
    for one in asked[:15]:
        assert answers(other, one) == answers(arrays, one)


def test_somebody_removed_leaves_nothing_of_the_name(tables: Tables) -> None:
    register, asked = made(60)
    tables.fill([*register, Person("gone", "Zenobia Palmyrene", 30, "f")])
    assert search(tables, Person("q", "زنوبيا"), top=1)[0].person.pid == "gone"
    tables.remove("gone")
    assert_same(tables, register, asked[:10])
    cursor = tables.connection.cursor()
    for table in ("name_part", "name_tree", "name_row"):
        cursor.execute(f"SELECT * FROM {table}")
        told = "".join(map(str, cursor.fetchall())).lower()
        assert "zenobi" not in told
        assert "palmyr" not in told


def test_what_a_transaction_took_back_is_not_found(tables: Tables) -> None:
    register, _asked = made(60)
    tables.fill(register)
    tables.connection.commit()
    tables.add(Person("never", "Zenobia Palmyrene", 30, "f"))
    tables.connection.rollback()
    tables.add(Person("other", "Wilhelmina Oppenheim", 30, "f"))
    found = search(tables, Person("q", "Zenobia Palmyrene"))
    assert all(one.person.pid not in ("never", "other") for one in found)
    assert search(tables, Person("q", "Wilhelmina Oppenheim"))[0].person.pid == "other"


@pytest.mark.heavy
def test_the_answers_of_a_database_server_are_the_same() -> None:
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with postgres.server() as server, psycopg.connect(server.make("names")) as connection:
        tables = Tables(connection, mark="%s")
        register, asked = made()
        tables.fill(register)
        assert_same(tables, register, asked)
        tables.remove("3")
        assert_same(tables, [p for p in register if p.pid != "3"], asked[:10])
