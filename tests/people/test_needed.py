"""What people need: noted, closed, looked at by who can tell, asked in six questions as worded."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from corridor.desk.words import need_word
from corridor.journal.kinds import ROLES
from corridor.journal.node import Node
from corridor.people import models, needs
from corridor.people.acts import Refusal, register
from corridor.people.needed.acts import observe
from corridor.people.needed.difficulties import ANSWERS, QUESTIONS, has_disability
from corridor.people.needed.entries import ASKING, CARING
from corridor.people.needed.queries import asked_for, count_pending, observed
from corridor.people.queries import needs_of
from corridor.stops.waiting.models import NeedClass
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import everybody_waits, opened
from tests.storms.run_referee import referee_folder

STANDARDS = referee_folder().parents[1] / "standards.md"


def samira(node: Node) -> str:
    return register(node, cast.REGISTRAR, [cast.SAMIRA])[0].persons[0]


def test_the_questions_are_worded_as_the_standard_says() -> None:
    """STD 9.8: wording, order and answers are not altered, and the word disability is not used."""
    with translation.override("en"):
        words = [str(one) for one in QUESTIONS.values()]
        answers = {number: str(word).lower() for number, word in ANSWERS.items()}
    if not STANDARDS.exists():
        pytest.skip("the field standards are not beside the repository")
    section = STANDARDS.read_text().split("### 9.8")[1].split("### 9.9")[0]
    assert words == re.findall(r"^\| WG\d [\w-]+ \| (.*) \|$", section, re.MULTILINE)
    assert not any("disab" in one.lower() for one in (*words, *answers.values()))
    assert list(ANSWERS) == [1, 2, 3, 4, 7, 9]
    for number, part in enumerate(("no", "some", "a lot of", "cannot do"), 1):
        assert part in answers[number]


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("", None), ("{}", None), ('{"walking": 2, "seeing": 2}', False), ('{"seeing": 3}', True),
        ('{"self_care": 4, "seeing": 1}', True), ('{"walking": 7, "hearing": 9}', False),
        ("nonsense", None), ("[3]", None), ('{"walking": 5}', None),
    ],
)  # fmt: skip
def test_the_flag_is_derived_from_the_answers(said: str, flag: bool | None) -> None:
    assert has_disability(models.Person(difficulties=said)) is flag


def test_six_questions_are_answered_at_the_page(desk: Desk) -> None:
    person = samira(desk.node)
    clerk, marshal = desk.sign_in("clerk", "registrar"), desk.sign_in("marshal", "marshal")
    page = f"/people/{person}/needs/"
    sent = {"then": "difficulties", "command": "a", "walking": "3", "seeing": "1"}
    assert marshal.post(page, sent).status_code == 422
    assert clerk.post(page, sent).status_code == 302
    shown = clerk.get(f"/people/{person}/").content.decode()
    assert "Counts as having a disability" in shown and "a lot of difficulty" in shown
    assert clerk.post(page, {**sent, "command": "b", "walking": "8"}).status_code == 422
    nour = register(desk.node, "c", [cast.AMALS])[0].persons[3]
    assert "Six questions" not in clerk.get(f"/people/{nour}/needs/").content.decode()


def test_needs_are_noted_once_and_closed(desk: Desk) -> None:
    person = samira(desk.node)
    nurse, clerk = desk.sign_in("nurse", "nurse"), desk.sign_in("clerk", "registrar")
    page = f"/people/{person}/needs/"
    for command in ("a", "b"):
        sent = {"then": "add", "needs": ["SM-CI", "DS-PM"], "source": "assessed"}
        assert nurse.post(page, {**sent, "command": command}).status_code == 302
    assert [one.code for one in observed(desk.node, person, in_confidence=True)] == [
        "DS-PM", "ER-UR", "SM-CI",
    ]  # fmt: skip
    text = clerk.get(page).content.decode()
    assert "DS-PM" in text and "SM-CI" not in text
    ill = next(o for o in observed(desk.node, person, in_confidence=True) if o.code == "SM-CI")
    end = {"then": "end", "need": ill.entry, "command": "c"}
    assert "does not stand" in clerk.post(page, end, follow=True).content.decode()
    assert nurse.post(page, end).status_code == 302
    assert needs_of(desk.node, [person], in_confidence=True) == {person: {"DS-PM", "ER-UR"}}
    # It may be noted again: it came back.
    observe(desk.node, "n", person, ["SM-CI"], may_confide=True)
    assert "SM-CI" in needs_of(desk.node, [person], in_confidence=True)[person]


@pytest.mark.parametrize("code", sorted(needs.REFUSED))
def test_what_labels_suspicion_is_refused_by_name(node: Node, code: str) -> None:
    person = samira(node)
    with pytest.raises(Refusal, match=code):
        observe(node, "n", person, [code, "DS-PM"], may_confide=True)
    assert needs_of(node, [person], in_confidence=True) == {person: {"ER-UR"}}


def test_a_registrar_notes_nothing_in_confidence_but_may_ask_for_a_look(desk: Desk) -> None:
    person = samira(desk.node)
    clerk, guard = desk.sign_in("clerk", "registrar"), desk.sign_in("guard", "protection")
    page = f"/people/{person}/needs/"
    offered = set(re.findall(r'name="needs" value="([\w-]+)"', clerk.get(page).content.decode()))
    assert offered == set(needs.OFFERED)
    sent = {"then": "add", "needs": ["SV-VA"], "source": "observed", "command": "a"}
    assert clerk.post(page, sent).status_code == 422
    with pytest.raises(Refusal, match="Ask for a review"):
        observe(desk.node, "c", person, ["SV-VA"], may_confide=False)
    ask = {"then": "review", "words": "She wept when asked.", "command": "b"}
    assert clerk.post(page, ask).status_code == 302
    assert "To be looked at" in clerk.get(f"/people/{person}/").content.decode()
    assert "She wept" not in clerk.get(page).content.decode()
    waiting = guard.get("/people/reviews/").content.decode()
    assert "She wept when asked." in waiting and person in waiting
    assert "wait to be looked at" in guard.get("/").content.decode()
    assert guard.post(page, {"then": "settle", "command": "c"}).status_code == 302
    assert count_pending(desk.node) == 0 and asked_for(desk.node, [person]) == []
    told = guard.post(page, {"then": "settle", "command": "d"}, follow=True).content.decode()
    assert "Nobody asks for a review" in told


def test_a_flag_at_the_table_waits_for_a_nurse(desk: Desk) -> None:
    clerk, nurse = desk.sign_in("clerk", "registrar"), desk.sign_in("nurse", "nurse")
    clerk.post("/people/quick/", {"command": "a", "name": "Amal", "review": "on", "male_0": "1"})
    [row] = models.ReviewAsked.objects.all()
    assert models.Person.objects.get(id=row.subject).name == "Amal"
    assert "Amal" in nurse.get("/people/reviews/").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_who_opens_needs_and_reviews(desk: Desk, role: str) -> None:
    person = samira(desk.node)
    client = desk.sign_in(role, role)
    allowed = (role in ASKING, role in CARING)
    for page, may in zip((f"/people/{person}/needs/", "/people/reviews/"), allowed, strict=True):
        assert client.get(page).status_code == (200 if may else 403)


def test_a_need_that_is_noted_or_over_changes_the_class_of_who_waits(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    karim = everybody_waits(desk.node, desk.clock, school)["BROTHERS"][0]

    def from_list() -> str:
        return str(NeedClass.objects.get(person=karim).urgency)

    before = from_list()
    nurse = desk.sign_in("nurse", "nurse")
    page = f"/people/{karim}/needs/"
    nurse.post(page, {"then": "add", "needs": ["SM-CC"], "source": "assessed", "command": "a"})
    assert from_list() < before
    [need] = [o for o in observed(desk.node, karim, in_confidence=True) if o.code == "SM-CC"]
    nurse.post(page, {"then": "end", "need": need.entry, "command": "b"})
    assert from_list() == before


def test_every_code_has_words_in_both_languages() -> None:
    for language in ("en", "ar"):
        with translation.override(language):
            for code in needs.ORDINARY | needs.IN_CONFIDENCE:
                assert need_word(code) != code, (language, code)
