"""Children at the other end: handed to whom they are bound to, to protection, or to nobody."""

from __future__ import annotations

import pytest

from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.confided.acts import claim_carer, verify_carer
from corridor.people.queries import carers_of
from corridor.stops.convoy import acts, models, queries
from tests import cast
from tests.conftest import Desk
from tests.nodes import Clock
from tests.road.stage import HOUR, Stage, planned, set_stage
from tests.road.test_bad_days import sent_off


def arrived_alone(node: Node, clock: Clock) -> tuple[Stage, str, str, str]:
    """Layla came with Karim, who is nobody to her; her mother is not here yet."""
    stage = set_stage(node, clock)
    convoy = planned(node)
    sent_off(node, stage, convoy)
    layla, karim = stage.persons["AMALS"][1], stage.persons["BROTHERS"][0]
    clock.now += HOUR
    acts.arrive(node, cast.MARSHAL, convoy, [layla, karim])
    return stage, convoy, layla, karim


def asked(node: Node, child: str) -> list[tuple[str, str]]:
    rows = models.ChildWithheld.objects.using(node.alias).filter(subject=child)
    return [(row.asked_by, row.reason) for row in rows.order_by("hlc", "entry")]


def test_who_asks_for_a_child_in_vain_is_written_down(node: Node, clock: Clock) -> None:
    """STD 6.3: refused, and the attempt is kept for the child-protection officer."""
    _stage, convoy, layla, karim = arrived_alone(node, clock)
    for _ in range(2):  # the same tap twice counts once, and is refused twice
        with pytest.raises(Refusal, match="not bound"):
            acts.release_child(node, cast.MARSHAL, convoy, layla, karim, command="t")
    with pytest.raises(Refusal, match="not bound"):
        acts.release_child(node, cast.MARSHAL, convoy, layla)  # somebody unknown here
    assert asked(node, layla) == [(karim, "not_bound"), ("", "not_bound")]
    found = queries.lone_children(node, convoy)
    assert [(one.child, one.released, len(one.withheld)) for one in found] == [(layla, None, 2)]


def test_a_claim_made_after_the_convoy_left_must_be_verified(node: Node, clock: Clock) -> None:
    _stage, convoy, layla, karim = arrived_alone(node, clock)
    claim_carer(node, cast.REGISTRAR, layla, karim, "neighbour")
    with pytest.raises(Refusal, match="nobody verified"):
        acts.release_child(node, cast.MARSHAL, convoy, layla, karim)
    claim = carers_of(node, [layla])[layla][0].claim
    verify_carer(node, "actor-protection", layla, claim, "asked_child")
    acts.release_child(node, cast.MARSHAL, convoy, layla, karim)
    with pytest.raises(Refusal, match="already"):
        acts.release_child(node, cast.MARSHAL, convoy, layla, karim)
    assert asked(node, layla) == [(karim, "new_claim")]


def test_a_child_goes_to_protection(node: Node, clock: Clock) -> None:
    _stage, convoy, layla, _karim = arrived_alone(node, clock)
    acts.release_child(node, "actor-protection", convoy, layla, to_protection=True)
    released = queries.lone_children(node, convoy)[0].released
    assert released is not None
    assert (released.how, released.released_to) == ("protection", "actor-protection")


def test_the_page_hands_a_child_to_nobody_else(desk: Desk) -> None:
    stage, convoy, layla, _karim = arrived_alone(desk.node, desk.clock)
    marshal = desk.sign_in("marshal", "marshal")
    page = f"/convoys/{convoy}/arrival/"
    sent = {"child": layla, "card": stage.cards["BROTHERS"], "command": "one"}
    answer = marshal.post(f"{page}child/asked/", sent, follow=True).content.decode()
    assert "not bound to this adult" in answer and "Not given to" in answer
    marshal.post(f"{page}child/asked/", {"child": layla, "command": "two"})
    assert asked(desk.node, layla) == [
        (stage.persons["BROTHERS"][0], "not_bound"), ("", "not_bound"),
    ]  # fmt: skip
    taken = {"child": layla, "protection": "1", "command": "three"}
    refused = marshal.post(f"{page}child/", taken, follow=True).content.decode()
    assert "Only a child-protection officer" in refused
    officer = desk.sign_in("huda", "protection", "shelter")
    assert "I take the child into care" in officer.get(page).content.decode()
    officer.post(f"{page}child/", taken | {"command": "four"})
    assert queries.lone_children(desk.node, convoy)[0].released is not None
