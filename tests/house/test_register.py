"""The register of kinds: what is missing is named, and whereabouts read no body."""

from __future__ import annotations

import pytest

from corridor.journal.derive import columns_of, ordered_steps, shared_tables
from corridor.journal.kinds import Kind, all_kinds
from corridor.journal.schema import folded_tables

NAME = r"^[a-z_]+\.[a-z_]+$"


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_a_kind_is_whole(kind: Kind) -> None:
    noun, _, verb = kind.name.partition(".")
    assert noun and verb
    assert str(kind.say)
    assert kind.struct.__doc__
    assert all(number.number > 0 for number in kind.fields.values())
    if kind.movement is not None:
        assert kind.scope == "movement"


@pytest.mark.parametrize(
    "kind", [kind for kind in all_kinds() if kind.movement is not None], ids=lambda kind: kind.name
)
def test_whereabouts_read_heads_only(kind: Kind) -> None:
    assert kind.movement is not None
    for name in (kind.movement.place, kind.movement.journey):
        assert not name or not kind.fields[name].personal


def test_words_of_a_sentence_are_fields() -> None:
    class Asked(dict[str, str]):
        def __missing__(self, key: str) -> str:
            raise AssertionError(key)

    for kind in all_kinds():
        str(kind.say).format_map(Asked(dict.fromkeys(kind.fields, "x")))


def test_each_kind_of_fact_has_a_table_of_its_own() -> None:
    facts = [kind.table for kind in all_kinds() if kind.is_fact]
    assert len(facts) == len(set(facts))


def test_every_folded_table_is_written_by_a_kind_or_a_step() -> None:
    kept = {"journal_tables_verdict", "journal_tables_continuation", "journal_tables_conflict",
            "journal_tables_mention"}  # fmt: skip
    written = {kind.table._meta.db_table for kind in all_kinds()}
    written |= {step.name for step in ordered_steps()} | kept
    written |= {shared.table._meta.db_table for shared in shared_tables()}
    assert {table._meta.db_table for table in folded_tables()} == written
    assert all(columns_of(table) for table in folded_tables())
