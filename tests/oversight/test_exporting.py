"""Lists go out sealed, for a purpose, with a second person, and with no more than may be seen."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from pyrage import decrypt, x25519

from corridor.desk.team import add_user
from corridor.engines.urgency import STARTING_RULE
from corridor.journal.actors import grant, introduce
from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.oversight.exporting import writing
from corridor.oversight.exporting.acts import Wish, take_out_alone
from corridor.oversight.exporting.lists import Asked, Listing
from corridor.oversight.exporting.writing import FORMS
from corridor.people import models
from corridor.people.acts import Refusal, need_entry, register
from corridor.people.confided.entries import ConsentRefused
from corridor.people.importing.running import import_list
from corridor.stops.waiting.acts import join, place_named, publish_rule
from tests.cast import AMALS, BROTHERS, EVERYBODY, household, newcomer
from tests.conftest import Desk
from tests.desk.test_command_line import Shell
from tests.nodes import lone_node

EVIL = "=HYPERLINK(A1)"
READER = x25519.Identity.generate()
KEY = str(READER.to_public())


def opened(raw: bytes, form: str) -> list[dict[str, str]]:
    """The rows of a sealed list."""
    plain = decrypt(raw, [READER])
    if form == "json":
        return list(json.loads(plain))
    if form == "csv":
        return list(csv.DictReader(io.StringIO(plain.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(plain)).active
    assert sheet is not None
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return [dict(zip(head, row, strict=True)) for row in rows]


def officer(node: Node, name: str, *roles: str) -> str:
    return add_user(node, "actor-admin", name, "a long password", list(roles)).actor_id


def take(node: Node, actor: str, what: str, form: str = "csv") -> list[dict[str, str]]:
    wish = Wish(Asked(what), form, "shelter at the school", KEY, "Partner")
    taken, _identity = take_out_alone(node, actor, wish, "")
    return opened(taken.raw, form)


@pytest.mark.parametrize("form", FORMS)
def test_everybody_goes_out_and_comes_in_again_as_the_same(
    node: Node, tmp_path: Path, form: str
) -> None:
    evil = household(newcomer(EVIL, "female", "1990-05-17", relationship="head",
                              phone="+963944123456"))  # fmt: skip
    register(node, "actor-registrar", [*EVERYBODY, evil])
    lead = officer(node, "lead", "coordinator")
    wish = Wish(Asked("people"), form, "shelter", KEY, "Partner")
    taken, _identity = take_out_alone(node, lead, wish, "")
    rows = opened(taken.raw, form)
    count = models.Person.objects.using(node.alias).count()
    assert len(rows) == count == taken_rows(node)
    if form == "csv":
        assert not any(
            str(cell).startswith(("=", "+", "@")) for row in rows for cell in row.values()
        )
    path = tmp_path / f"list.{form}"
    path.write_bytes(decrypt(taken.raw, [READER]))
    told: list[str] = []
    again = import_list(node, "clerk", path, tell=lambda one: told.append(one.say))
    assert (again.people, again.known, again.set_aside) == (0, count, 0)
    assert told == []
    other, _clock = lone_node(tmp_path, f"other-{form}")
    moved = import_list(other, "clerk", path, tell=lambda one: told.append(one.say))
    assert (moved.people, told) == (count, [])
    there = models.Person.objects.using(other.alias).get(phone="+963944123456")
    assert there.name == EVIL
    assert models.NeedObserved.objects.using(other.alias).count() > 0


def taken_rows(node: Node) -> int:
    out = models.ListTakenOut.objects.using(node.alias).get()
    assert out.second == ""
    return int(out.rows)


def test_what_was_confided_never_goes_out(node: Node) -> None:
    made = register(node, "actor-registrar", [AMALS])[0]
    drafts = [Draft(need_entry("SV-VF", "declared"), made.persons[0])]
    append(node, "actor-nurse", drafts)
    person = models.Person.objects.using(node.alias).get(id=made.persons[0])
    for role in ("coordinator", "protection"):
        rows = take(node, officer(node, f"a-{role}", role), "people")
        own = next(row for row in rows if row["person.id"] == person.id)
        assert own["person.needs"] == "PG-LC"
        assert not any("SV" in value for row in rows for value in row.values())


def test_who_said_no_to_sharing_is_left_out_but_stands_on_the_manifest(node: Node) -> None:
    made = register(node, "actor-registrar", [BROTHERS])[0]
    append(node, "actor-registrar", [
        Draft(ConsentRefused(use="share_partners", text="share_partners-1"), made.persons[0])
    ])  # fmt: skip
    lead = officer(node, "lead", "coordinator")
    for what in ("people", "whereabouts"):
        assert [row["person.id"] for row in take(node, lead, what)] == [made.persons[1]]


def test_each_role_takes_what_it_may(node: Node) -> None:
    register(node, "actor-registrar", [BROTHERS])
    auditor = officer(node, "auditor", "auditor")
    rows = take(node, auditor, "whereabouts", "json")
    assert set(rows[0]) == {"person.id", "household.card", "state", "place", "journey", "since"}
    assert "whereabouts.name" in take(node, officer(node, "l", "coordinator"), "whereabouts")[0]
    for role, what in (("auditor", "people"), ("marshal", "waiting"), ("registrar", "people"),
                       ("nurse", "whereabouts"), ("administrator", "people")):  # fmt: skip
        with pytest.raises(Refusal, match="roles"):
            take(node, officer(node, f"{role}-{what}", role), what)


def test_who_works_at_one_place_takes_out_what_is_there(node: Node) -> None:
    publish_rule(node, "actor-admin", STARTING_RULE)
    school = place_named(node, "actor-registrar", "School")
    mill = place_named(node, "actor-registrar", "Mill")
    made = register(node, "actor-registrar", [BROTHERS])[0]
    join(node, "actor-registrar", list(made.persons), school)
    lead = introduce(node, "actor-admin", "lead", [])
    grant(node, "actor-admin", lead, "coordinator", place=school)
    for asked in (Asked("waiting"), Asked("waiting", mill), Asked("people")):
        with pytest.raises(Refusal, match="roles"):
            take_out_alone(node, lead, Wish(asked, "csv", "x", KEY, "P"), "")
    taken, _id = take_out_alone(
        node, lead, Wish(Asked("waiting", school), "csv", "x", KEY, "P"), ""
    )
    assert len(taken.found.rows) == 2


def test_the_waiting_list_goes_out_in_its_order(node: Node) -> None:
    publish_rule(node, "actor-admin", STARTING_RULE)
    made = register(node, "actor-registrar", [BROTHERS, AMALS])
    place = place_named(node, "actor-registrar", "School")
    for one in made:
        join(node, "actor-registrar", list(one.persons), place)
    rows = take(node, officer(node, "lead", "coordinator"), "waiting")
    assert len(rows) == 7
    assert {row["waiting.place"] for row in rows} == {"School"}
    assert [int(row["waiting.position"]) for row in rows] == sorted(
        int(row["waiting.position"]) for row in rows
    )


def test_at_the_page_a_second_person_has_to_agree(desk: Desk) -> None:
    register(desk.node, "actor-registrar", [AMALS])
    lead = desk.sign_in("lead", "coordinator")
    second = desk.sign_in("second", "coordinator")
    auditor = desk.sign_in("auditor", "auditor")
    said = {"command": "c1", "what": "people", "form": "csv", "purpose": "shelter",
            "recipient": "age1nonsense", "to_name": "Partner"}  # fmt: skip
    assert lead.post("/accounts/exports/", said).status_code == 422
    assert (
        lead.post("/accounts/exports/", said | {"purpose": "", "recipient": KEY}).status_code == 422
    )
    assert lead.post("/accounts/exports/", said | {"recipient": KEY}).status_code == 302
    identity = models.ListAskedFor.objects.get().subject
    decide, out = (f"/accounts/exports/{identity}/{verb}/" for verb in ("decide", "take"))
    assert lead.post(out)["Content-Type"].startswith("text/html")
    lead.post(decide, {"decision": "agreed"})
    auditor.post(decide, {"decision": "agreed"})
    assert models.ListDecided.objects.count() == 0
    assert "I agree" in second.get("/accounts/exports/").content.decode()
    second.post(decide, {"decision": "agreed"})
    assert second.post(out)["Content-Type"].startswith("text/html")
    answer = lead.post(out)
    rows = opened(answer.content, "csv")
    assert len(rows) == 5
    taken = models.ListTakenOut.objects.get()
    assert (taken.rows, taken.second) == (5, models.ListDecided.objects.get().actor)
    assert lead.post(out)["Content-Type"].startswith("text/html")
    page = lead.get("/accounts/exports/").content.decode()
    assert "shelter" in page
    assert "second" in page


def test_what_nobody_agreed_to_in_time_or_refused_stays_in(desk: Desk) -> None:
    register(desk.node, "actor-registrar", [AMALS])
    lead, second = desk.sign_in("lead", "coordinator"), desk.sign_in("second", "protection")
    said = {"what": "people", "form": "json", "purpose": "x", "recipient": KEY, "to_name": "P"}
    for number, decision in enumerate(("refused", "agreed")):
        lead.post("/accounts/exports/", said | {"command": f"c{number}"})
        identity = models.ListAskedFor.objects.order_by("-hlc")[0].subject
        second.post(f"/accounts/exports/{identity}/decide/", {"decision": decision})
        if decision == "agreed":
            desk.clock.now += 25 * 60 * 60 * 1000
        lead.post(f"/accounts/exports/{identity}/take/")
    assert models.ListTakenOut.objects.count() == 0


def test_the_page_is_for_those_who_may(desk: Desk) -> None:
    nurse = desk.sign_in("nurse", "nurse")
    assert nurse.get("/accounts/exports/").status_code == 403
    assert nurse.post("/accounts/exports/counts/").status_code == 403
    marshal = desk.sign_in("marshal", "marshal")
    page = marshal.get("/accounts/exports/").content.decode()
    assert "manifests of convoys" in page
    assert "everybody registered" not in page


def test_the_command_and_its_files(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "home")
    shell("init", "--operation", "Test", "--no-encryption")
    path = tmp_path / "list.csv"
    rows = "".join(f"{n},Person Number{n},{'F' if n % 3 else 'M'},{n}\n" for n in range(60))
    path.write_text(f"Person ID,Full name,Sex,Age\n{rows}")
    shell("import", str(path), "--wait-at", "School")
    key = tmp_path / "key.txt"
    key.write_text(f"# of the partner\n{KEY}\n")
    for what, form in (("people", "csv"), ("waiting", "xlsx"), ("manifest", "json"),
                       ("whereabouts", "json")):  # fmt: skip
        out = tmp_path / f"{what}.{form}.age"
        shell("export", what, "--out", str(out), "--to", str(key), "--purpose", "shelter")
        assert len(opened(out.read_bytes(), form)) == (0 if what == "manifest" else 60)
        assert oct(out.stat().st_mode & 0o777) == "0o600"
    for form in ("csv", "xlsx"):
        shell("export", "counts", "--out", str(tmp_path / f"counts.{form}"))
    counts = list(csv.DictReader((tmp_path / "counts.csv").open(encoding="utf-8-sig")))
    assert counts[0]["people"] == "60"
    assert all(row["people"] == "" or int(row["people"]) % 5 == 0 for row in counts)
    out = tmp_path / "x.csv"
    wrong = (
        ("people", "--out", str(out), "--to", KEY, "--purpose", "x"),
        ("people", "--out", f"{out}.age", "--to", KEY),
        ("people", "--out", f"{out}.age", "--purpose", "x"),
        ("faces", "--out", f"{out}.age", "--to", KEY, "--purpose", "x"),
        ("counts", "--out", f"{out}.age"),
    )
    for arguments in wrong:
        shell("export", *arguments, code=2)
    refused = ("people", "--out", f"{out}.age", "--purpose", "x", "--to")
    shell("export", *refused, "age1nobody", code=1)
    shell("export", *refused, KEY, "--as", "nobody", code=1)
    shell("export", *refused, KEY, "--second", "admin", code=1)
    assert not Path(f"{out}.age").exists()


@pytest.mark.parametrize("count", [0, 3, 4, 7])
def test_every_sheet_of_a_long_workbook_has_its_header(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    rows = [[str(number), "Amal"] for number in range(count)]
    raw = writing.written(Listing(["card", "name"], [list(row) for row in rows]), "xlsx")
    sheets = [list(sheet.values) for sheet in openpyxl.load_workbook(io.BytesIO(raw))]
    assert all(sheet[0] == ("card", "name") for sheet in sheets)
    assert [list(row) for sheet in sheets for row in sheet[1:]] == rows
    assert len(sheets) == max(1, -(-count // 3))
