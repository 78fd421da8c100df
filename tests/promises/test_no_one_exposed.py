"""Promise 4: a seized laptop, a curious colleague or a published table gives nobody away."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from corridor.desk.logs import BareFormatter
from corridor.journal import store
from corridor.journal.append import Draft, append
from corridor.journal.format import decode_body
from corridor.journal.kinds import all_kinds
from corridor.journal.node import Node
from corridor.people import entries, models, needs
from corridor.people.acts import Refusal, need_entry, register
from tests import cast
from tests.journeys.test_road import everybody_waits, opened
from tests.nodes import Clock, lone_node

#: Fields that may never be public, whatever kind has them.
NEVER_PUBLIC = {
    "name", "name_other", "known_as", "given_name", "father_name", "family_name", "mother_name",
    "sex", "birth_on", "age_years", "phone", "address", "need", "urgency", "origin", "came_from",
    "nationality", "documents", "difficulties", "household", "relationship", "remark",
}  # fmt: skip


def test_heads_hold_nothing_personal(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    everybody_waits(node, clock, school)
    secret = set()
    for held in store.select(node, "b.n IS NOT NULL"):
        assert held.raw_body is not None
        values = decode_body(held.raw_body).values.values()
        secret |= {value for value in values if isinstance(value, str) and len(value) > 3}
    entries_of_people = store.select(node, "e.kind <> 'rule.published'")
    heads = b"".join(held.raw_head or b"" for held in entries_of_people).decode()
    households = set(models.Household.objects.using(node.alias).values_list("id", flat=True))
    for value in secret - households:
        assert value not in heads, value


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_no_kind_makes_personal_fields_public(kind: object) -> None:
    fields = kind.fields  # type: ignore[attr-defined]
    if kind.name in ("place.described", "convoy.described"):  # type: ignore[attr-defined]
        return
    public = {name for name, mark in fields.items() if not mark.personal}
    assert public & NEVER_PUBLIC == set()


@pytest.mark.usefixtures("unblocked")
def test_an_encrypted_file_shows_nothing(tmp_path: Path) -> None:
    node, _clock = lone_node(tmp_path, "sealed", key=b"k" * 32)
    register(node, cast.REGISTRAR, [cast.AMALS])
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in ("أمل", "Amal", "person.registered", "SQLite format", "SM-CC"):
        assert word.encode() not in raw


@pytest.mark.usefixtures("unblocked")
def test_erased_words_are_nowhere_on_the_disk(tmp_path: Path) -> None:
    node, _clock = lone_node(tmp_path, "erased")
    persons = register(node, cast.REGISTRAR, [cast.AMALS])[0].persons
    append(node, cast.REGISTRAR, [Draft(entries.PersonErased(), persons[0])])
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Amal Yusuf al-Haddad" not in raw
    assert "ليلى".encode() in raw
    row = models.Person.objects.using(node.alias).get(id=persons[0])
    assert (row.name, row.household, row.birth_on) == (None, None, None)


@pytest.mark.parametrize("code", sorted(needs.REFUSED))
def test_codes_of_suspicion_are_refused_by_name(code: str) -> None:
    with pytest.raises(Refusal, match=code):
        need_entry(code, "declared")


def test_needs_are_ordinary_or_in_confidence_or_do_not_exist() -> None:
    assert set() == needs.ORDINARY & needs.IN_CONFIDENCE
    assert set() == needs.REFUSED & (needs.ORDINARY | needs.IN_CONFIDENCE)


def test_logs_carry_no_values() -> None:
    try:
        raise ValueError("Amal 0999")
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, __file__, 1, "said %s", ("Amal",), sys.exc_info()
        )
    told = BareFormatter().format(record)
    assert "Amal" not in told
    assert "ValueError" in told
