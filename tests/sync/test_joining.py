"""A site that has not heard everything yet decides about nobody's turn or seat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.engines.urgency import STARTING_RULE
from corridor.journal import trust
from corridor.journal.node import Node
from corridor.people.acts import Refusal, register
from corridor.people.queries import counts
from corridor.stops.convoy import acts as convoy
from corridor.stops.convoy.acts import proposals
from corridor.stops.waiting import acts as waiting
from corridor.sync import bundle
from tests import cast
from tests.conftest import Desk
from tests.nodes import Clock, World
from tests.road.stage import Stage, set_stage

WHO = cast.COORDINATOR


def deciding(node: Node, stage: Stage) -> dict[str, Callable[[], object]]:
    """Every act that decides about shares, by name."""
    home = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0].persons
    proposal = proposals.propose(node, proposals.Watch(1.0))
    published = convoy.publish(node, WHO, proposal.plan).convoys[0]
    return {
        "rule": lambda: waiting.publish_rule(node, WHO, STARTING_RULE),
        "call": lambda: waiting.call_forward(node, WHO, stage.school, "B", 5),
        "joining the list": lambda: waiting.join(node, WHO, home, stage.school),
        "assessing": lambda: waiting.assess_again(node, WHO),
        "proposing": lambda: proposals.propose(node, proposals.Watch(1.0)),
        "planning": lambda: proposals.start(node, WHO),
        "publishing": lambda: convoy.publish(node, WHO, proposal.plan),
        "filling": lambda: convoy.fill(node, WHO, published),
    }


def test_nothing_about_shares_is_decided_before_all_is_known(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    acts = deciding(node, stage)
    with node.transaction():
        trust.mark_joining(node)
    for name, act in acts.items():
        with pytest.raises(Refusal, match="Meet another site first"):
            act()
            pytest.fail(name)
    before = counts(node)["registered"]
    register(node, cast.REGISTRAR, [cast.SAMIRA])
    assert counts(node)["registered"] == before + 1
    with node.transaction():
        trust.mark_joined(node)
    assert acts["assessing"]() == []
    acts["filling"]()


@pytest.mark.usefixtures("unblocked")
def test_a_first_stick_that_brings_all_ends_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    giver, taker = world.node(), world.node()
    register(giver, cast.REGISTRAR, [cast.NADIA])
    with taker.transaction():
        trust.mark_joining(taker)
    whole = bundle.make(giver, [taker.certificate], for_stick=True)
    assert bundle.take(taker, whole[:-1]).alarms
    assert trust.is_joining(taker)
    bundle.take(taker, whole)
    assert not trust.is_joining(taker)
    world.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_says_why_nothing_is_planned(desk: Desk, language: str) -> None:
    browser = desk.sign_in("amira", "coordinator", language=language)
    with desk.node.transaction():
        trust.mark_joining(desk.node)
    page = browser.post("/convoys/plan/", {"limit": "5"}, follow=True).content.decode()
    said = {"en": "Meet another site first", "ar": "التقِ موقعًا آخر أولًا"}[language]
    assert said in page
