"""What one person says alone: consent, wishes about a seat, the carer of a child."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client
from django.utils import translation

from corridor.desk.access import SCOPES, scopes_of
from corridor.journal.append import Draft, append
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.kinds import ROLES, all_kinds
from corridor.journal.node import Node
from corridor.journal.timeline import timeline
from corridor.people import models
from corridor.people.acts import Refusal, link, register
from corridor.people.confided.acts import (
    Talk,
    answer,
    ask_for_seat,
    claim_carer,
    end_carer,
    end_wish,
    verify_carer,
)
from corridor.people.confided.entries import ALONE, USES
from corridor.people.confided.queries import wishes_of
from corridor.people.confided.texts import TEXTS
from corridor.people.queries import carers_of, consents_of, counts, seating_requests
from tests import cast
from tests.conftest import Desk

#: What the texts say; a new wording needs a new version and a new line here.
WORDS = {
    "records-1": "08772163113a",
    "share_partners-1": "d8369ec47b3e",
    "tracing-1": "bbb6329c2b11",
    "photo-1": "cf9e0db6009a",
    "travel-1": "d4d49477fee0",
    "split-1": "6daabfd8283d",
}


def family(node: Node) -> tuple[str, ...]:
    """Amal, her children Layla, Sami and Nour, and her father-in-law."""
    return register(node, cast.REGISTRAR, [cast.AMALS])[0].persons


def test_each_version_of_a_text_keeps_its_words() -> None:
    for use in USES:
        with translation.override("en"):
            words = str(TEXTS[use].words)
        assert hashlib.sha256(words.encode()).hexdigest()[:12] == WORDS[TEXTS[use].version], use


def test_consent_is_given_refused_and_taken_back(node: Node) -> None:
    amal = family(node)[0]
    answer(node, "c", amal, {"records": "given", "travel": "given", "photo": "refused"})
    assert consents_of(node, [amal]) == {
        amal: {"records": "given", "travel": "given", "photo": "refused"}
    }
    answer(node, "c", amal, {"travel": "withdrawn"})
    assert consents_of(node, [amal])[amal]["travel"] == "withdrawn"
    answer(node, "c", amal, {"travel": "given"})
    assert consents_of(node, [amal])[amal]["travel"] == "given"
    row = models.ConsentGiven.objects.using(node.alias).filter(use="travel").latest("hlc")
    assert row.text == "travel-1"


def test_what_was_not_agreed_to_cannot_be_taken_back(node: Node) -> None:
    amal = family(node)[0]
    with pytest.raises(Refusal, match="nothing to take back"):
        answer(node, "c", amal, {"records": "given", "photo": "withdrawn"})
    assert consents_of(node, [amal]) == {}


def test_a_no_counts_where_two_sites_were_told_different_things(node: Node) -> None:
    amal, *_ = family(node)
    again = register(node, "c", [cast.NADIA])[0].persons[0]
    answer(node, "c", amal, {"tracing": "given"})
    answer(node, "c", again, {"tracing": "refused"})
    link(node, "c", amal, again)
    assert consents_of(node, [amal, again]) == {
        amal: {"tracing": "refused"}, again: {"tracing": "refused"},
    }  # fmt: skip
    # Asked once more, the person's last word replaces both.
    answer(node, "c", amal, {"tracing": "given"})
    assert consents_of(node, [again])[again] == {"tracing": "given"}


def test_for_a_child_the_carer_speaks(node: Node) -> None:
    layla = family(node)[1]
    with pytest.raises(Refusal, match="carer speaks"):
        answer(node, "c", layla, {"photo": "given"})
    with pytest.raises(Refusal, match="name of who spoke"):
        answer(node, "c", layla, {"photo": "given"}, Talk(given_by="carer"))
    answer(node, "c", layla, {"photo": "given"}, Talk(given_by="carer", given_by_name="Amal"))
    assert consents_of(node, [layla])[layla] == {"photo": "given"}


def test_the_same_answer_sent_twice_counts_once(node: Node) -> None:
    amal = family(node)[0]
    for _ in range(2):
        answer(node, "c", amal, {"records": "given"}, command="tap")
    assert models.ConsentGiven.objects.using(node.alias).count() == 1


def test_wishes_reach_the_planner_without_reasons(node: Node) -> None:
    amal, layla, _sami, _nour, yusuf = family(node)
    samira = register(node, "c", [cast.SAMIRA])[0]
    ask_for_seat(node, "c", amal, "apart", yusuf)
    ask_for_seat(node, "c", amal, "apart", samira.household)
    ask_for_seat(node, "c", amal, "women")
    ask_for_seat(node, "c", layla, "near_carer", amal)
    answer(node, "c", yusuf, {"travel": "refused"})
    found = seating_requests(node, [amal, layla, yusuf, *samira.persons])
    assert found[amal].apart == {yusuf, *samira.persons} and found[amal].women
    assert found[layla].near == {amal} and not found[layla].women
    assert found[yusuf].declines and not found[amal].declines
    assert samira.persons[0] not in found
    with pytest.raises(Refusal, match="stands already"):
        ask_for_seat(node, "c", amal, "women")
    for row in wishes_of(node, amal):
        end_wish(node, "c", amal, row.entry)
    assert amal not in seating_requests(node, [amal])


@pytest.mark.parametrize("other", ["", "nobody"])
def test_a_wish_names_somebody(node: Node, other: str) -> None:
    amal = family(node)[0]
    with pytest.raises(Refusal, match="from whom"):
        ask_for_seat(node, "c", amal, "apart", other or amal)
    assert seating_requests(node, [amal]) == {}


def test_no_timeline_tells_what_was_said_alone(node: Node) -> None:
    """Neither the sentence nor its withdrawal, of neither person, for no role."""
    amal, layla, _sami, _nour, yusuf = family(node)
    before = {p: {r: told(node, p, r) for r in ROLES} for p in (amal, layla, yusuf)}
    states = counts(node)
    answer(node, "c", amal, {"travel": "refused", "records": "given"})
    answer(node, "c", amal, {"records": "withdrawn"})
    ask_for_seat(node, "c", amal, "apart", yusuf)
    claim_carer(node, "c", layla, yusuf, "grandparent")
    wish = wishes_of(node, amal)[0].entry
    append(node, "c", [Draft(EntryWithdrawn(withdrawn=wish, reason="other"), amal)])
    assert {p: {r: told(node, p, r) for r in ROLES} for p in (amal, layla, yusuf)} == before
    assert counts(node) == states


def told(node: Node, person: str, role: str) -> list[str]:
    return [line.entry for line in timeline(node, person, scopes_of(frozenset({role})))]


def test_whoever_declines_stays_where_they_were(desk: Desk) -> None:
    """Every page of every other role is the same, letter by letter, before and after."""
    persons = family(desk.node)
    amal, yusuf = persons[0], persons[4]
    household = models.Person.objects.get(id=amal).household
    clients = {role: desk.sign_in(role, role) for role in SCOPES if role not in ALONE}
    clerk = desk.sign_in("clerk", "registrar")
    pages = [f"/people/{p}/" for p in persons] + [
        f"/people/household/{household}/", "/people/?q=أمل", "/waiting/", "/accounts/", "/convoys/",
    ]  # fmt: skip
    before = {(role, page): seen(c, page) for role, c in clients.items() for page in pages}
    answer(desk.node, "c", amal, {"travel": "refused", "records": "refused"})
    ask_for_seat(desk.node, "c", amal, "apart", yusuf)
    ask_for_seat(desk.node, "c", amal, "women")
    after = {(role, page): seen(c, page) for role, c in clients.items() for page in pages}
    assert after == before
    # On the person's own page it cannot be seen either, not even by who may ask.
    own = clerk.get(f"/people/{amal}/").content.decode()
    assert "did not agree" not in own and "not in the same vehicle" not in own
    assert "did not agree" in clerk.get(f"/people/{amal}/alone/").content.decode()


def seen(client: Client, page: str) -> tuple[int, str]:
    answer = client.get(page)
    text = re.sub(r'(csrfmiddlewaretoken|name="command"|id_)[^>]*', "", answer.content.decode())
    text = re.sub(r'(id|for|describedby|href)="#?id[^"]*"|value="[0-9a-f]{32}"', "", text)
    return answer.status_code, text


@pytest.mark.parametrize("role", ROLES)
def test_who_may_ask_alone(desk: Desk, role: str) -> None:
    amal = family(desk.node)[0]
    status = desk.sign_in(role, role).get(f"/people/{amal}/alone/").status_code
    assert status == (200 if role in ALONE else 403)


def test_what_is_asked_alone_through_the_page(desk: Desk) -> None:
    amal, _layla, _sami, _nour, yusuf = family(desk.node)
    clerk = desk.sign_in("clerk", "registrar")
    page = f"/people/{amal}/alone/"
    text = clerk.get(f"{page}?in=ar").content.decode()
    assert "هل تريد السفر؟" in text and 'lang="ar" dir="rtl"' in text
    sent = {"then": "consent", "command": "one", "given_by": "self", "form": "mark",
            "language": "ar", "witness": "Umm Hasan", "use_records": "given",
            "use_travel": "refused"}  # fmt: skip
    assert clerk.post(page, sent).status_code == 302
    assert consents_of(desk.node, [amal])[amal] == {"records": "given", "travel": "refused"}
    row = models.ConsentGiven.objects.get()
    assert (row.form, row.language, row.witness) == ("mark", "ar", "Umm Hasan")
    assert 'value="withdrawn"' in clerk.get(page).content.decode()
    wish = {"then": "wish", "command": "two", "wish": "apart", "other": yusuf, "card": ""}
    assert clerk.post(page, wish).status_code == 302
    assert seating_requests(desk.node, [amal])[amal].apart == {yusuf}
    bad = clerk.post(page, {**wish, "command": "three", "card": "123", "other": ""})
    assert bad.status_code == 422
    assert "No card with this number" in bad.content.decode()
    clerk.post(f"{page}over/", {"wish": wishes_of(desk.node, amal)[0].entry, "command": "four"})
    assert wishes_of(desk.node, amal) == []


def test_a_child_is_bound_to_an_adult_until_protection_ends_it(desk: Desk) -> None:
    _amal, layla, sami, _nour, yusuf = family(desk.node)
    clerk = desk.sign_in("clerk", "registrar")
    guard = desk.sign_in("guard", "protection")
    page = f"/people/{layla}/carer/"
    sent = {"command": "a", "relationship": "grandparent", "carer": yusuf, "card": ""}
    assert clerk.post(page, {**sent, "carer": sami}).status_code == 422
    assert clerk.post(page, sent).status_code == 302
    [claim] = carers_of(desk.node, [layla])[layla]
    assert (claim.carer, claim.relationship, claim.is_verified) == (yusuf, "grandparent", False)
    assert "not verified yet" in clerk.get(f"/people/{layla}/").content.decode()
    other = register(desk.node, "c", [cast.SAMIRA])[0].persons[0]
    with pytest.raises(Refusal, match="Only protection"):
        claim_carer(desk.node, "c", layla, other, "neighbour")
    judge = {"claim": claim.claim, "method": "asked_child", "command": "b"}
    assert clerk.post(f"{page}judge/", judge).status_code == 403
    assert guard.post(f"{page}judge/", judge).status_code == 302
    assert carers_of(desk.node, [layla])[layla][0].is_verified
    guard.post(f"{page}judge/", {"claim": claim.claim, "reason": "family_found", "command": "d"})
    assert carers_of(desk.node, [layla]) == {}


def test_claims_are_refused_that_cannot_be(node: Node) -> None:
    amal, layla, sami, _nour, yusuf = family(node)
    for child, carer, why in (
        (layla, layla, "their own"), (layla, sami, "must be an adult"), (yusuf, amal, "an adult"),
        (layla, "x", "no such person"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=why):
            claim_carer(node, "c", child, carer, "sibling")
    claim_carer(node, "c", layla, amal, "unrelated")
    claim = carers_of(node, [layla])[layla][0].claim
    with pytest.raises(Refusal, match="how it was found"):
        verify_carer(node, "c", layla, claim, "")
    with pytest.raises(Refusal, match="does not stand"):
        end_carer(node, "c", sami, claim, "own_wish")


def test_what_is_confided_names_its_readers() -> None:
    confided = {kind.name: kind.confided_to for kind in all_kinds() if kind.confided_to}
    assert not {"marshal", "coordinator", "auditor", "administrator"} & set(
        confided["seating.requested"]
    )
    assert "marshal" in confided["carer.claimed"]
    assert {"consent.given", "consent.refused", "consent.withdrawn"} <= set(confided)
