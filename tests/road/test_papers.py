"""The road on paper only, entered afterwards, gives the same accounts as the road by scans."""

from __future__ import annotations

import datetime
import re

import pytest

from corridor.desk.printing import without_signs
from corridor.desk.team import members as members_of_team
from corridor.journal.models import Look
from corridor.journal.node import Node
from corridor.people.acts import Refusal, register, unissued_cards
from corridor.people.queries import accounts, household_of_card, members
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.views import papers
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.nodes import Clock
from tests.printed import text_of
from tests.road.stage import HOUR, Stage, agree, planned, set_stage

PAPERS = ("manifest.pdf", "papers/dashboard.pdf", "papers/slips.pdf", "papers/tally.pdf",
          "papers/control.pdf")  # fmt: skip


def told(node: Node, convoy: str) -> dict[str, object]:
    """The account of everybody and of the convoy, without times, writers and entries."""
    found = queries.balance(node, convoy)
    tallies = [(one.label, one.scanned, one.heads, one.seen, one.tally)
               for one in queries.tallies(node, convoy)]  # fmt: skip
    states = {one.person: (one.state, one.place, one.journey, one.ends) for one in accounts(node)}
    return {"balance": found, "states": states, "tallies": tallies}


def by_scans(node: Node, stage: Stage, convoy: str) -> None:
    by_scans_without_closing(node, stage, convoy)
    acts.count_heads(node, cast.MARSHAL, convoy, 8, "arrival")
    acts.close_arrival(node, cast.MARSHAL, convoy)


def by_paper(desk: Desk, stage: Stage, convoy: str) -> None:
    """All devices were off; the sheets are entered in the evening, at the page."""
    marshal = desk.sign_in("marshal", "marshal")
    lines = queries.lines_of(queries.issued(desk.node, convoy))
    missing = lines.index(stage.persons["SAMIRA"][0]) + 1
    noon = datetime.datetime.fromtimestamp((desk.clock.now - 6 * HOUR) / 1000, datetime.UTC)
    rest = ", ".join(str(n) for n in range(1, 10) if n != missing)
    sheets = (
        {"sheet": "boarding", "version": "1", "lines": "1-9"},
        {"sheet": "departure", "count": "9"},
        {"sheet": "arrival", "version": "1", "lines": rest},
        {"sheet": "tally", "count": "8"},
        {"sheet": "closed"},
    )
    for number, values in enumerate(sheets):
        sent = values | {"writer": "Huda", "written_at": f"{noon:%Y-%m-%dT%H:%M}",
                         "command": f"p{number}"}  # fmt: skip
        answer = marshal.post(f"/convoys/{convoy}/papers/", sent)
        assert answer.status_code == 302, answer.content.decode()


def test_a_road_on_paper_gives_the_same_accounts(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    assert acts.issue_manifest(desk.node, cast.MARSHAL, convoy) == 1
    by_paper(desk, stage, convoy)
    on_paper = told(desk.node, convoy)
    assert on_paper["balance"].terms["unaccounted"] == stage.persons["SAMIRA"]  # type: ignore[attr-defined]
    assert queries.contradictions(desk.node, convoy) == []
    boarded = queries.departure(desk.node, convoy)
    assert boarded is not None and boarded.happened_ms < desk.clock.now - 5 * HOUR


def _plain(found: dict[str, object], node: Node, stage: Stage, convoy: str) -> object:
    """Ids replaced by what they stand for, so that two nodes can be compared."""
    names = {convoy: "convoy", stage.school: "school", stage.camp: "camp", stage.bus: "bus",
             stage.car: "car"}  # fmt: skip
    names |= {p: f"{family}{n}" for family, those in stage.persons.items()
              for n, p in enumerate(those)}  # fmt: skip
    text = repr(found)
    for identity, name in names.items():
        text = text.replace(identity, name)
    return sorted(re.findall(r"[\w]+", text))


def test_paper_and_scans_agree_to_the_last_person(desk: Desk, clock: Clock, node: Node) -> None:
    """The same cast, once by scans and once on paper, on two nodes."""
    stage = set_stage(node, clock)
    convoy = planned(node)
    by_scans(node, stage, convoy)
    other = set_stage(desk.node, desk.clock)
    on_paper = planned(desk.node)
    acts.issue_manifest(desk.node, cast.MARSHAL, on_paper)
    by_paper(desk, other, on_paper)
    assert _plain(told(node, convoy), node, stage, convoy) == _plain(
        told(desk.node, on_paper), desk.node, other, on_paper
    )


def test_paper_and_scans_that_contradict_are_both_shown(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    node = desk.node
    convoy = planned(node)
    acts.issue_manifest(node, cast.MARSHAL, convoy)
    for card in stage.cards.values():
        acts.scan(node, cast.MARSHAL, convoy, card)
    lines = queries.lines_of(queries.issued(node, convoy))
    nadia = stage.persons["NADIA"][0]
    persons = [one for one in lines if one != nadia]
    fresh = acts.enter_boarding(node, cast.MARSHAL, convoy, 1, persons, at=desk.clock.now,
                                writer="Huda")  # fmt: skip
    assert fresh == []
    found = queries.contradictions(node, convoy)
    assert [(one.why, one.persons) for one in found] == [("scanned_not_ticked", (nadia,))]
    assert nadia in queries.aboard_of(node, convoy)
    page = desk.sign_in("amira", "coordinator").get(f"/convoys/{convoy}/papers/").content.decode()
    assert "not ticked on paper" in page


def test_a_tally_on_paper_that_contradicts_the_scans_is_shown(desk: Desk) -> None:
    """Both numbers stand side by side, per vehicle and in all; none is averaged (STD 2.6)."""
    node, stage = desk.node, set_stage(desk.node, desk.clock)
    convoy = planned(node)
    by_scans_without_closing(node, stage, convoy)
    marshal = desk.sign_in("marshal", "marshal")
    noon = datetime.datetime.fromtimestamp(desk.clock.now / 1000, datetime.UTC)
    sent = {"sheet": "tally", "count": "7", "vehicle": "", "writer": "Huda",
            "written_at": f"{noon:%Y-%m-%dT%H:%M}", "command": "t"}  # fmt: skip
    assert marshal.post(f"/convoys/{convoy}/papers/", sent).status_code == 302
    whole = queries.tallies(node, convoy)[-1]
    assert (whole.seen, whole.tally, whole.differs_seen) == (8, 7, -1)
    assert "-1" in marshal.get(f"/convoys/{convoy}/papers/").content.decode()
    assert queries.balance(node, convoy).terms["on_the_way"] == stage.persons["SAMIRA"]


def by_scans_without_closing(node: Node, stage: Stage, convoy: str) -> None:
    for card in stage.cards.values():
        acts.scan(node, cast.MARSHAL, convoy, card)
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, 9)
    for name in ("AMALS", "BROTHERS", "NADIA"):
        acts.scan_arrival(node, cast.MARSHAL, convoy, stage.cards[name])


def test_a_wrong_line_is_named_and_nothing_is_recorded(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    acts.issue_manifest(node, cast.MARSHAL, convoy)
    lines = queries.lines_of(queries.issued(node, convoy))
    assert acts.ticked(node, convoy, 1, "1–3, 2 9") == [*lines[0:3], lines[8]]
    assert set(acts.ticked(node, convoy, 1, stage.cards["NADIA"])) == set(stage.persons["NADIA"])
    for wrong in ("0", "8-12", "x", "1234567890", "9-1"):
        with pytest.raises(Refusal, match="nothing was recorded"):
            acts.ticked(node, convoy, 1, wrong)
    with pytest.raises(Refusal, match="version"):
        acts.ticked(node, convoy, 7, "1")


def test_the_same_manifest_keeps_its_version(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    assert acts.issue_manifest(node, cast.MARSHAL, convoy) == 1
    assert acts.issue_manifest(node, cast.MARSHAL, convoy) == 1
    acts.release(node, cast.COORDINATOR, convoy, stage.persons["NADIA"])
    assert acts.issue_manifest(node, cast.MARSHAL, convoy) == 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_paper_prints(desk: Desk, language: str) -> None:
    set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    marshal = desk.sign_in("marshal", "marshal", language=language)
    for paper in PAPERS:
        answer = marshal.get(f"/convoys/{convoy}/{paper}")
        assert answer.content.startswith(b"%PDF"), paper
    assert marshal.get(f"/convoys/{convoy}/papers/nothing.pdf").status_code == 404
    for page in ("", "papers/", "boarding/", "arrival/", "scans/", "balance/", "manifest/"):
        assert marshal.get(f"/convoys/{convoy}/{page}").status_code == 200, page


def test_no_name_lies_on_a_dashboard_without_an_agreement(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[bool] = []

    def note(*_args: object, with_names: bool) -> bytes:
        printed.append(with_names)
        return b"%PDF"

    monkeypatch.setattr(papers, "dashboard_pdf", note)
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    marshal = desk.sign_in("marshal", "marshal")
    marshal.get(f"/convoys/{convoy}/papers/dashboard.pdf")
    draft = acts.WindowDraft(
        "Morning", stage.departs - HOUR, stage.departs + 9 * HOUR, [stage.departs], [stage.school],
        [stage.camp], 12, names_required=True, agreement="Both parties, Monday",
    )  # fmt: skip
    acts.describe_window(desk.node, cast.COORDINATOR, draft, window=stage.window)
    marshal.get(f"/convoys/{convoy}/papers/dashboard.pdf")
    assert printed == [False, True]


#: Names with the pairs that fonts like to draw as one glyph, and with vowel signs.
KNOTTED = (
    "علاء السراج", "ناصر الله", "عيسى الأحمد", "سلام الإدريسي", "لآلئ نجلاء", "بشرى الآغا",
    "ياسر تركي", "ليلى الخلايلة", "كلّا السرّي", "Nādir ʿĪsā",
)  # fmt: skip


@pytest.mark.heavy
@pytest.mark.parametrize("language", ["en", "ar"])
def test_names_copy_out_of_the_manifest(desk: Desk, language: str) -> None:
    """Every word comes out whole, with its letters in their order; vowel signs are left off."""
    stage = set_stage(desk.node, desk.clock, bus_seats=40)
    people = [cast.newcomer(name, "female", "1990-01-01") for name in KNOTTED]
    made = register(desk.node, cast.REGISTRAR, [cast.household(*people)])[0]
    agree(desk.node, made.persons)
    waiting.join(desk.node, cast.REGISTRAR, made.persons, stage.school)
    convoy = planned(desk.node)
    assert set(made.persons) <= set(queries.seats_told(desk.node, convoy))
    acts.issue_manifest(desk.node, cast.MARSHAL, convoy)
    marshal = desk.sign_in("marshal", "marshal", language=language)
    said = text_of(marshal.get(f"/convoys/{convoy}/manifest.pdf").content)
    marks = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"), " ")
    words = said.translate(marks).split()
    everybody = [*stage.everybody, *made.persons]
    for person in queries.persons_by_id(desk.node, everybody).values():
        for part in without_signs(person.name or "").split():
            assert part in words, (part, words)
    for card in stage.cards.values():
        assert " ".join((card[:4], card[4:7], card[7:])) in " ".join(words)


def test_a_day_with_all_devices_off(desk: Desk) -> None:
    """Cards that were printed before are given out; every sheet is entered in the evening.

    Nobody was registered and no manifest was printed: the sheets name cards. Each entry keeps the
    time and the writer that its sheet claims.
    """
    node = desk.node
    stage = set_stage(node, desk.clock)
    convoy = acts.plan(node, cast.COORDINATOR, "Paper", stage.school, stage.camp, stage.departs,
                       [acts.VehicleDraft("Truck", 30)])  # fmt: skip
    truck = queries.vehicles(node, convoy)[0].id
    one, two = unissued_cards(node, 2)
    noon = desk.clock.now - 6 * HOUR
    at = datetime.datetime.fromtimestamp(noon / 1000, datetime.UTC)
    marshal = desk.sign_in("marshal", "marshal")
    given = f"{one[:4]} {one[4:7]} {one[7:]}; 4; 1; 0; 0\n{two}؛ ٢\n"
    sheets: tuple[dict[str, str], ...] = (
        {"sheet": "control", "lines": given},
        {"sheet": "boarding", "lines": f"{one}, {two}", "vehicle": truck},
        {"sheet": "departure", "count": "6"},
        {"sheet": "arrival", "lines": one},
        {"sheet": "tally", "count": "4"},
        {"sheet": "closed"},
    )
    for number, values in enumerate(sheets):
        sent = values | {"writer": "Huda", "written_at": f"{at:%Y-%m-%dT%H:%M}",
                         "command": f"d{number}"}  # fmt: skip
        answer = marshal.post(f"/convoys/{convoy}/papers/", sent)
        assert answer.status_code == 302, answer.content.decode()
        marshal.post(f"/convoys/{convoy}/papers/", sent)  # sent twice, recorded once
    found = queries.balance(node, convoy)
    assert len(found.boarded) == 6 and found.is_whole
    assert len(found.terms["arrived"]) == 4 and len(found.terms["unaccounted"]) == 2
    assert set(queries.aboard_of(node, convoy).values()) == {truck}
    households = {household_of_card(node, card) for card in (one, two)}
    people = [p for home in households for p in members(node, home or "")]
    assert len(people) == 6 and sum(p.age_years_high == 4 for p in people) == 1
    minute = noon - noon % 60_000
    for table in (models.PersonBoarded, models.PersonArrived, models.ConvoyDeparted,
                  models.ConvoyArrived, models.HeadsCounted):  # fmt: skip
        claimed = set(table.objects.using(node.alias).values_list("happened_ms", flat=True))
        assert claimed == {minute}, table
    sheets_kept = models.PaperEntered.objects.using(node.alias)
    assert set(sheets_kept.values_list("written_by", flat=True)) == {"Huda"}
    assert [row.sheet for row in queries.sheets_entered(node, convoy)] == [
        values["sheet"] for values in sheets
    ]
    shown = marshal.get(f"/convoys/{convoy}/papers/").content.decode()
    assert shown.count("Huda") == len(sheets)
    with node.cursor() as cursor:  # a name stays in bodies, which can be erased
        cursor.execute("SELECT head FROM journal_entry")
        assert not any(b"Huda" in bytes(row[0]) for row in cursor.fetchall() if row[0])


def test_a_writer_of_the_team_is_named_by_their_actor(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    desk.sign_in("huda", "marshal")
    acts.enter_departure(desk.node, cast.MARSHAL, convoy, 9, at=desk.clock.now, writer="Huda")
    huda = next(one.user.actor_id for one in members_of_team(desk.node))
    with desk.node.cursor() as cursor:
        cursor.execute("SELECT head FROM journal_entry WHERE kind = 'convoy.departed'")
        assert huda.encode() in bytes(cursor.fetchone()[0])
    assert stage.everybody


def test_a_line_of_a_control_sheet_that_is_unclear_is_named(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = acts.plan(desk.node, cast.COORDINATOR, "Paper", stage.school, stage.camp, None,
                       [acts.VehicleDraft("Truck", 30)])  # fmt: skip
    (card,) = unissued_cards(desk.node, 1)
    for wrong in (f"{card}", f"{card}; x", "12; 3", f"{card}; 2; 3", f"{card}; 0",
                  f"{card}; 1\n{card}; 1", ""):  # fmt: skip
        with pytest.raises(Refusal, match="nothing was recorded"):
            acts.control_lines(wrong)
    assert acts.control_lines(f"{card}; 3; 1")[0].small == 1
    known = acts.ControlLine(stage.cards["NADIA"], 4)
    assert acts.enter_control(desk.node, cast.MARSHAL, convoy, [known], at=desk.clock.now,
                              writer="Huda") == []  # fmt: skip


def test_a_card_for_each_child_of_the_convoy(desk: Desk) -> None:
    """For all of them, with carers and without (STD 2.8): the sheet tells no child apart."""
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    papers, sheet = f"/convoys/{convoy}/papers/", f"/convoys/{convoy}/papers/children.pdf"
    marshal = desk.sign_in("marshal", "marshal")
    assert "Cards of the children" not in marshal.get(papers).content.decode()
    assert marshal.get(sheet).status_code == 403
    both = desk.sign_in("clerk", "marshal", "registrar")
    assert "Cards of the children" in both.get(papers).content.decode()
    said = text_of(both.get(sheet).content, layout=True)
    told = queries.persons_by_id(desk.node, list(queries.seats_told(desk.node, convoy)))
    children = [one for one in told.values() if queries.is_child(desk.node, one)]
    assert len(children) > 1
    assert said.count("Mother's name before she married") == len(children)
    looked = Look.objects.using(desk.node.alias).filter(what="child's card printed")
    assert set(looked.values_list("subject", flat=True)) == {one.id for one in children}
    acts.release(desk.node, "c", convoy, stage.persons["AMALS"], "refused")
    assert "No child has a seat" in both.get(sheet, follow=True).content.decode()
