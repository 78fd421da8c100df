"""Promise 2: one person, one record; what was counted twice all the same is found."""

from __future__ import annotations

from corridor.journal.append import Draft, append
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.node import Node
from corridor.people import models
from corridor.people.acts import register
from corridor.people.entries import RecordsLinked
from corridor.people.queries import accounts, counts
from corridor.stops.convoy.entries import PersonBoarded
from tests import cast


def test_the_same_form_sent_twice_registers_once(node: Node) -> None:
    first = register(node, cast.REGISTRAR, [cast.AMALS], command="form")
    second = register(node, cast.REGISTRAR, [cast.AMALS], command="form")
    assert first == second
    assert models.Person.objects.using(node.alias).count() == 5


def test_linked_records_are_counted_once_and_can_be_parted(node: Node) -> None:
    one = register(node, cast.REGISTRAR, [cast.NADIA])[0].persons[0]
    other = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0].persons[0]
    third = register(node, cast.REGISTRAR, [cast.SAMIRA])[0].persons[0]
    assert len(accounts(node)) == 3
    link = append(node, cast.REGISTRAR, [Draft(RecordsLinked(other=other), one, about=(other,))])
    append(node, cast.REGISTRAR, [Draft(RecordsLinked(other=third), other, about=(third,))])
    assert [account.records for account in accounts(node)] == [tuple(sorted((one, other, third)))]
    withdrawal = EntryWithdrawn(withdrawn=link[0], reason="other")
    append(node, cast.REGISTRAR, [Draft(withdrawal, one)])
    assert sorted(len(account.records) for account in accounts(node)) == [1, 2]


def test_aboard_twice_is_found(node: Node) -> None:
    person = register(node, cast.REGISTRAR, [cast.SAMIRA])[0].persons[0]
    append(node, cast.MARSHAL, [Draft(PersonBoarded(convoy="c1", vehicle="v1"), person)])
    append(node, cast.MARSHAL, [Draft(PersonBoarded(convoy="c2", vehicle="v9"), person)])
    assert accounts(node)[0].ends == 2
    assert counts(node) == {"aboard": 1}
