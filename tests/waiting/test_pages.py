"""The pages of the waiting list: who may open them, what they tell, and what they keep."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from corridor.journal import rules
from corridor.journal.models import Look
from corridor.people import models as people_models
from corridor.people import whereabouts
from corridor.people.queries import card_of_household
from corridor.stops.waiting import acts, models, printing, queries
from corridor.stops.waiting.queries import calls, overrides
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import everybody_waits, opened

NAMES = [str(n.values.name) for home in cast.EVERYBODY for n in home.newcomers if n.values.name]
NEEDS = ("A critical", "B urgent", "C vulnerable", "lying", "medical", "حرج", "عاجل")
WORDS = "The nurse saw a broken knee."


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def tap(client: Client, path: str, **values: Any) -> str:
    """Sends a form with a fresh command; the page that comes then."""
    values.setdefault("command", f"tap{path}{sorted(map(str, values.items()))}"[-60:])
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def everybody(desk: Desk) -> tuple[str, dict[str, tuple[str, ...]]]:
    school, _camp = opened(desk.node)
    return school, everybody_waits(desk.node, desk.clock, school)


def home_of(person: str) -> str:
    return str(people_models.Person.objects.get(id=person).household)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_opens_for_its_roles_only(desk: Desk, language: str) -> None:
    _school, persons = everybody(desk)
    home = home_of(persons["NADIA"][0])
    listing = {"coordinator", "registrar", "marshal"}
    pages = {
        "/waiting/": listing,
        "/waiting/paper/": listing,
        "/waiting/away/": listing,
        "/waiting/calls/": {"coordinator", "marshal"},
        "/waiting/calls/board/": listing,
        "/waiting/calls/board.pdf": listing,
        "/waiting/overrides/": {"coordinator", "nurse", "protection", "auditor"},
        "/waiting/rule/": {*listing, "nurse", "protection", "auditor", "shelter"},
        "/waiting/rule/compare/": {*listing, "nurse", "protection", "auditor", "shelter"},
        "/waiting/rule/propose/": {"coordinator"},
        f"/waiting/family/{home}/": {*listing, "nurse", "protection"},
        f"/waiting/family/{home}/slip.pdf": {"coordinator", "registrar", "nurse", "protection"},
    }
    for role in (*listing, "nurse", "protection", "auditor", "shelter"):
        client = desk.sign_in(role, role, language=language)
        for page, roles in pages.items():
            assert client.get(page).status_code == (200 if role in roles else 403), (page, role)


def test_why_this_number_is_told_of_one_family_alone(desk: Desk) -> None:
    _school, persons = everybody(desk)
    amira = desk.sign_in("amira", "registrar")
    home = home_of(persons["NADIA"][0])
    page = text_of(amira, f"/waiting/family/{home}/")
    assert "Number 4 of 4 families" in page
    assert "6 people" in page  # the need of six people is greater
    assert "fewer than 5 people" in page  # two have waited longer: not told how many
    assert "نادية قاسم" in page
    assert not any(name in page for name in NAMES if name != "نادية قاسم")
    others = {home_of(p) for those in persons.values() for p in those} - {home}
    assert not any(card_of_household(desk.node, one) in page for one in others)
    assert {look.subject for look in Look.objects.all()} == {persons["NADIA"][0]}


def test_a_clerk_is_not_told_a_need_in_confidence(desk: Desk) -> None:
    _school, persons = everybody(desk)
    page = f"/waiting/family/{home_of(persons['AMALS'][0])}/"
    clerk = text_of(desk.sign_in("clerk", "registrar"), page)
    nurse = text_of(desk.sign_in("nurse", "nurse"), page)
    assert "a critical medical condition" in nurse
    assert "a critical medical condition" not in clerk
    assert "a need that is held in confidence" in clerk
    marshal = text_of(desk.sign_in("marshal", "marshal"), page)
    assert not any(name in marshal for name in NAMES)
    assert "condition" not in marshal


def test_another_class_takes_two_people(desk: Desk) -> None:
    _school, persons = everybody(desk)
    nadia = persons["NADIA"][0]
    clerk, amira = desk.sign_in("clerk", "registrar"), desk.sign_in("amira", "coordinator")
    asked = {"person": nadia, "urgency": "B", "reason": "medical_advice", "days": "3"}
    family = f"/waiting/family/{home_of(nadia)}/"
    assert "In a sentence" not in tap(clerk, f"{family}propose/", **asked, words=WORDS)
    (proposal,) = overrides.pending(desk.node)
    page = text_of(amira, "/waiting/overrides/")
    assert WORDS in page
    assert "clerk" in page
    auditor = desk.sign_in("auditor", "auditor")
    seen = text_of(auditor, "/waiting/overrides/")
    assert WORDS not in seen
    assert "of 100" in seen
    assert auditor.post(
        f"/waiting/overrides/{proposal.entry}/decide/", {"decision": "confirmed"}
    ).status_code == 403  # fmt: skip
    said = tap(amira, f"/waiting/overrides/{proposal.entry}/decide/", decision="confirmed")
    assert "It holds until its time is over" in said
    assert queries.urgency_of(desk.node)[nadia] == "B"
    assert "decided by two people" in text_of(clerk, family)
    tap(amira, f"/waiting/overrides/{proposal.entry}/decide/", decision="ended")
    assert queries.urgency_of(desk.node)[nadia] == "D"
    assert "A nurse" not in text_of(desk.sign_in("nurse", "nurse"), "/waiting/overrides/")


def test_who_asked_does_not_decide_on_the_page(desk: Desk) -> None:
    _school, persons = everybody(desk)
    amira = desk.sign_in("amira", "coordinator", "registrar")
    nadia = persons["NADIA"][0]
    asked = {"person": nadia, "urgency": "B", "reason": "medical_advice", "days": "3"}
    tap(amira, f"/waiting/family/{home_of(nadia)}/propose/", **asked, words=WORDS)
    (proposal,) = overrides.pending(desk.node)
    page = text_of(amira, "/waiting/overrides/")
    assert 'value="confirmed"' not in page
    said = tap(amira, f"/waiting/overrides/{proposal.entry}/decide/", decision="confirmed")
    assert "somebody else must decide" in said
    assert queries.urgency_of(desk.node)[nadia] == "D"


def changed_rule(page: str, *, condition: str, urgency: str) -> dict[str, str]:
    """The values of the form as it came, with one condition in another class."""
    values = {}
    for name, options in re.findall(r'<select name="(c\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="(\w)" selected', options)
        assert chosen is not None
        values[name] = chosen[1]
    label = re.search(rf'<label for="id_\w+?_(c\d+)">{condition}</label>', page)
    assert label is not None
    return values | {label[1]: urgency}


def test_another_rule_is_published_by_a_second_person(desk: Desk) -> None:
    _school, persons = everybody(desk)
    amira, nurse = desk.sign_in("amira", "coordinator"), desk.sign_in("nurse", "nurse")
    page = text_of(amira, "/waiting/rule/propose/")
    values = changed_rule(page, condition="60 years or older", urgency="A")
    before = rules.in_force(desk.node, acts.RULE)
    looked = amira.post(
        "/waiting/rule/propose/", {**values, "words": WORDS, "command": "l", "then": "look"}
    ).content.decode()
    assert "60 years or older" in looked.split("What would change")[1].split("<form")[0]
    assert models.RuleProposed.objects.count() == 0
    said = tap(amira, "/waiting/rule/propose/", **values, words=WORDS, then="propose")
    assert "A second person must publish it" in said
    row = models.RuleProposed.objects.get()
    assert rules.in_force(desk.node, acts.RULE) == before
    assert "Of the people who wait now" not in text_of(nurse, "/waiting/rule/")
    effect = text_of(nurse, f"/waiting/rule/?effect={row.subject}")
    assert "Of the people who wait now" in effect and "1 person" in effect
    own = tap(amira, f"/waiting/rule/{row.subject}/decide/", decision="published")
    assert "somebody else must publish it" in own
    assert rules.in_force(desk.node, acts.RULE) == before
    done = tap(nurse, f"/waiting/rule/{row.subject}/decide/", decision="published")
    assert "The rule is published. 1 person who waits is in another class now." in done
    assert queries.urgency_of(desk.node)[persons["SAMIRA"][0]] == "A"
    assert len(rules.versions(desk.node, acts.RULE)) == 2
    compared = text_of(nurse, "/waiting/rule/compare/")
    assert compared.count("60 years or older") == 1
    assert "younger than 5 years" not in compared
    again = tap(nurse, f"/waiting/rule/{row.subject}/decide/", decision="refused")
    assert "decided already" in again


def test_a_refused_rule_changes_nothing_and_sensible_ones_are_asked_for(desk: Desk) -> None:
    everybody(desk)
    amira, nurse = desk.sign_in("amira", "coordinator"), desk.sign_in("nurse", "nurse")
    page = text_of(amira, "/waiting/rule/propose/")
    same = changed_rule(page, condition="60 years or older", urgency="C")
    answer = amira.post(
        "/waiting/rule/propose/", {**same, "words": WORDS, "command": "s", "then": "propose"}
    )
    assert "the rule that holds already" in answer.content.decode()
    values = changed_rule(page, condition="60 years or older", urgency="B")
    short = amira.post(
        "/waiting/rule/propose/", {**values, "words": "why", "command": "k", "then": "propose"}
    )
    assert "in a sentence why" in short.content.decode()
    tap(amira, "/waiting/rule/propose/", **values, words=WORDS, then="propose")
    row = models.RuleProposed.objects.get()
    tap(nurse, f"/waiting/rule/{row.subject}/decide/", decision="refused")
    assert len(rules.versions(desk.node, acts.RULE)) == 1


def test_the_board_and_the_slips_tell_cards_alone(desk: Desk) -> None:
    school, persons = everybody(desk)
    marwan = desk.sign_in("marwan", "marshal")
    tap(marwan, "/waiting/calls/", place=school, gate="Gate 1", people="6")
    (call,) = calls.open_calls(desk.node)
    board = text_of(marwan, "/waiting/calls/board/")
    shown = re.findall(r'big number">([\d ]+)<', board)
    called = {
        card_of_household(desk.node, home_of(p)) for n in ("AMALS", "SAMIRA") for p in persons[n]
    }
    assert [one.replace(" ", "") for one in shown] == sorted(called)
    told = re.sub(r"<[^>]+>", " ", board.split("<main")[1])
    for word in (*NAMES, *NEEDS, "people", "number 1"):
        assert word not in told, word
    samira = card_of_household(desk.node, home_of(persons["SAMIRA"][0]))
    assert "1 person is here" in tap(marwan, f"/waiting/calls/{call.subject}/answer/", card=samira)
    part = marwan.get("/waiting/calls/board/", headers={"X-Part": "calls"}).content.decode()
    assert "<html" not in part
    assert samira not in part.replace(" ", "")
    said = tap(marwan, f"/waiting/calls/{call.subject}/end/")
    assert "5 people did not come and keep their place" in said
    assert "Nobody is called" in text_of(marwan, "/waiting/calls/board/")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_paper_tells_no_needs_no_names_and_no_sizes(
    desk: Desk, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, persons = everybody(desk)
    told: list[str] = []
    whole = printing.pdf

    def kept(template: Any, data: Any, *others: Any) -> bytes:
        told.append(json.dumps(data, ensure_ascii=False))
        return whole(template, data, *others)

    monkeypatch.setattr(printing, "pdf", kept)
    amira = desk.sign_in("amira", "coordinator", language=language)
    tap(amira, "/waiting/calls/", place=school, gate="Gate 1", people="6", come="10:00")
    (call,) = calls.open_calls(desk.node)
    home = home_of(persons["AMALS"][0])
    for path in ("/waiting/calls/board.pdf", f"/waiting/calls/{call.subject}/slips.pdf",
                 f"/waiting/family/{home}/slip.pdf"):  # fmt: skip
        assert amira.get(path).content.startswith(b"%PDF")
    assert len(told) == 3
    for text in told:
        assert card_of_household(desk.node, home) in text.replace(" ", "")
        for word in (*NAMES, *NEEDS):
            assert word not in text
    for text in told[:2]:
        assert "people" not in text.replace("called", "")


def test_a_paper_list_is_entered_with_its_time(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    made = acts_register(desk)
    marwan = desk.sign_in("marwan", "marshal")
    page = tap(
        marwan, "/waiting/paper/", place=school, written_at="2026-09-19T08:00", writer="Mara",
        cards=f"{made}\n123\n", command="first sheet",
    )  # fmt: skip
    assert "5 people joined the list" in page
    assert "123" in page
    (group,) = queries.Line(desk.node)[:]
    assert group.days(desk.clock.now) == 2
    tap(
        marwan, "/waiting/paper/", place=school, written_at="2026-09-19T09:00", writer="Marwan",
        cards="321\n", command="second sheet",
    )  # fmt: skip
    with desk.node.cursor() as cursor:
        cursor.execute("SELECT head FROM journal_entry WHERE kind = 'waiting_paper.entered'")
        heads = [bytes(row[0]) for row in cursor.fetchall()]
    assert len(heads) == 2 and not any(b"Mara" in one for one in heads)
    assert sum(b"writer" in one for one in heads) == 1  # one of the team, by their number


def acts_register(desk: Desk) -> str:
    from corridor.people.acts import register  # noqa: PLC0415

    return register(desk.node, cast.REGISTRAR, [cast.AMALS])[0].card


def test_who_left_the_list_is_listed_and_waits_again(desk: Desk) -> None:
    school, persons = everybody(desk)
    amira = desk.sign_in("amira", "coordinator")
    states = ("turned_away", "chose_to_stay", "prevented_from_leaving", "left_at_own_wish")
    for state, name in zip(states, ("NADIA", "SAMIRA", "BROTHERS", "AMALS"), strict=True):
        whereabouts.move(desk.node, cast.MARSHAL, persons[name], state)
    assert queries.away_counts(desk.node) == {
        "turned_away": 1, "prevented_from_leaving": 2, "chose_to_stay": 1, "left_at_own_wish": 5,
    }  # fmt: skip
    page = text_of(amira, "/waiting/away/?state=chose_to_stay")
    assert card_of_household(desk.node, home_of(persons["SAMIRA"][0])) in page.replace(" ", "")
    assert not any(name in page for name in NAMES)
    said = tap(amira, f"/waiting/away/{persons['SAMIRA'][0]}/again/", place=school)
    assert "They wait again" in said
    assert queries.Line(desk.node)[0].days(desk.clock.now) == 2


def test_a_family_is_moved_to_another_place(desk: Desk) -> None:
    _school, persons = everybody(desk)
    mosque = acts.describe_place(desk.node, cast.COORDINATOR, "Mosque", "pickup")
    home = home_of(persons["NADIA"][0])
    marwan = desk.sign_in("marwan", "marshal")
    assert "They wait there now" in tap(marwan, f"/waiting/family/{home}/move/", place=mosque)
    assert [one.household for one in queries.Line(desk.node, mosque)[:]] == [home]
    assert marwan.get("/waiting/family/nobody/").status_code == 404
