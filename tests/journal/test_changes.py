"""Changes name what they replace: two forms make a conflict, never a silent overwrite."""

from __future__ import annotations

import pytest

from corridor.journal.append import Draft, append
from corridor.journal.changes import over
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.node import Node
from corridor.journal.tables.models import Conflict, RoleGranted, Verdict
from corridor.journal.tables.shapes import WrittenByHand
from corridor.people import models
from corridor.people.entries import PersonCorrected, PersonRegistered
from corridor.stops.waiting.entries import WaitingJoined
from tests.nodes import Clock


def shown(node: Node, person: str) -> models.Person:
    return models.Person.objects.using(node.alias).get(id=person)


def conflicts(node: Node) -> list[tuple[str, str]]:
    return list(Conflict.objects.using(node.alias).values_list("field", "values"))


def correct(node: Node, seen: tuple[tuple[str, int], ...], phone: str) -> None:
    append(node, "clerk", [Draft(PersonCorrected(phone=phone), "p", over=seen)])


def test_two_clerks_with_the_same_form_make_a_conflict_that_a_person_ends(node: Node) -> None:
    append(node, "clerk", [Draft(PersonRegistered(name="Amal", phone="1"), "p")])
    form = over(node, models.Person, "p", ["phone"])
    correct(node, form, "2")
    assert conflicts(node) == []
    correct(node, form, "3")
    assert conflicts(node) == [("phone", '["2","3"]')]
    assert shown(node, "p").phone in ("2", "3")
    correct(node, over(node, models.Person, "p", ["phone"]), "2")
    assert conflicts(node) == []
    assert shown(node, "p").phone == "2"
    assert shown(node, "p").name == "Amal"


def test_a_later_writer_wins_over_a_clock_from_the_future(node: Node, clock: Clock) -> None:
    clock.now += 400 * 86_400_000
    append(node, "clerk", [Draft(PersonRegistered(phone="wrong"), "p")])
    clock.now -= 400 * 86_400_000
    correct(node, over(node, models.Person, "p", ["phone"]), "right")
    assert shown(node, "p").phone == "right"
    assert conflicts(node) == []


def test_a_value_can_be_cleared(node: Node) -> None:
    append(node, "clerk", [Draft(PersonRegistered(phone="1"), "p")])
    seen = over(node, models.Person, "p", ["phone"])
    append(node, "clerk", [Draft(PersonCorrected(phone=None), "p", over=seen)])
    assert shown(node, "p").phone is None


def test_what_was_recorded_in_error_is_withdrawn_and_stays_visible(node: Node) -> None:
    append(node, "clerk", [Draft(PersonRegistered(name="Amal"), "p")])
    entry = append(node, "clerk", [Draft(WaitingJoined(place="x"), "p")])[0]
    where = models.Whereabouts.objects.using(node.alias)
    assert where.get(person="p").state == "waiting"
    withdrawal = EntryWithdrawn(withdrawn=entry, reason="wrong_person")
    append(node, "clerk", [Draft(withdrawal, "p")])
    assert where.get(person="p").state == "registered"
    assert Verdict.objects.using(node.alias).get(entry=entry).verdict == "withdrawn"


def test_the_same_command_records_once(node: Node) -> None:
    drafts = [Draft(WaitingJoined(place="x"), "p"), Draft(WaitingJoined(place="x"), "q")]
    first = append(node, "clerk", drafts, command="tap")
    assert append(node, "clerk", drafts, command="tap") == first
    assert models.Movement.objects.using(node.alias).count() == 2


def test_nobody_writes_a_folded_table_by_hand(node: Node) -> None:
    table = RoleGranted.objects.using(node.alias)
    with pytest.raises(WrittenByHand):
        table.create(entry="x", subject="y", role="registrar")
    with pytest.raises(WrittenByHand):
        table.all().delete()
    with pytest.raises(WrittenByHand):
        RoleGranted(entry="x").save()


def test_a_failed_act_leaves_no_trace(node: Node) -> None:
    append(node, "clerk", [Draft(PersonRegistered(name="Amal"), "p")])
    with pytest.raises(ValueError, match="NUL"):
        append(node, "clerk", [Draft(PersonRegistered(name="B"), "q"),
                               Draft(PersonRegistered(name="C\0"), "r")])  # fmt: skip
    assert models.Person.objects.using(node.alias).count() == 1
    append(node, "clerk", [Draft(PersonRegistered(name="D"), "s")])
    assert models.Person.objects.using(node.alias).count() == 2


def test_an_exception_after_the_append_undoes_it_and_the_session_goes_on(node: Node) -> None:
    append(node, "clerk", [Draft(PersonRegistered(name="Amal"), "p")])
    with pytest.raises(RuntimeError), node.transaction():
        append(node, "clerk", [Draft(PersonRegistered(name="B"), "q")])
        raise RuntimeError
    append(node, "clerk", [Draft(PersonRegistered(name="C"), "r")])
    assert set(models.Person.objects.using(node.alias).values_list("id", flat=True)) == {"p", "r"}
