"""Luggage and help on the manifest: where recorded, if the rule says so, and on no other sheet."""

from __future__ import annotations

from typing import Any

import pytest

from corridor.people.acts import Refusal
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.printing import manifest as sheet
from corridor.stops.convoy.printing import sheets
from tests import cast
from tests.conftest import Desk
from tests.road.stage import planned, set_stage

NURSE = "actor-nurse"
WORDS = {
    "en": ("Luggage", "Help", "lifted into the vehicle and out", "no help"),
    "ar": ("الأمتعة", "المساعدة", "يُرفع إلى المركبة ومنها", "بلا مساعدة"),
}
OTHERS = ("dashboard", "slips", "tally")


def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What each sheet was given to print; the sheets are set all the same."""
    seen: list[dict[str, Any]] = []
    real = sheet.pdf

    def note(folder: Any, data: dict[str, Any], *rest: Any, **more: Any) -> bytes:
        seen.append(data)
        return real(folder, data, *rest, **more)

    monkeypatch.setattr(sheet, "pdf", note)
    monkeypatch.setattr(sheets, "pdf", note)
    return seen


@pytest.mark.parametrize("language", ["en", "ar"])
def test_columns_are_there_once_something_is_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    luggage, help_, lifted, none = WORDS[language]
    marshal = desk.sign_in("marshal", "marshal", language=language)
    nurse = desk.sign_in("noor", "nurse", language=language)
    seen = printed(monkeypatch)
    page = f"/convoys/{convoy}/"
    before = marshal.get(f"{page}manifest/").content.decode()
    assert f'data-label="{luggage}"' not in before and f'data-label="{help_}"' not in before

    count = {"card": stage.cards["AMALS"], "pieces": "4", "command": "one"}
    assert marshal.post(f"{page}luggage/", count).status_code == 302
    more = {"card": stage.cards["AMALS"], "pieces": "3", "command": "two"}
    assert marshal.post(f"{page}luggage/", more).status_code == 302
    assert sum(queries.luggage_of(desk.node, convoy).values()) == 3
    old = stage.persons["AMALS"][4]
    noted = {f"class-{old}": "T3", f"help-{old}": "lifted", "command": "seen",
             f"help-{stage.persons['NADIA'][0]}": "none"}  # fmt: skip
    assert nurse.post("/convoys/fitness/", noted).status_code == 302

    after = marshal.get(f"{page}manifest/").content.decode()
    assert f'data-label="{luggage}"' in after and lifted in after
    assert none not in after and "T3" not in after  # what to do, and not why
    assert marshal.get(f"{page}manifest.pdf").content.startswith(b"%PDF")
    (manifest,) = seen
    assert luggage in manifest["head"] and help_ in manifest["head"]
    cells = [cell for row in manifest["rows"] for cell in row]
    assert f"\u2068{lifted}\u2069" in cells and "\u20683\u2069" in cells
    assert len(manifest["widths"]) == len(manifest["head"]) == len(manifest["rows"][0]) + 2
    for name in OTHERS:
        assert marshal.get(f"{page}papers/{name}.pdf").status_code == 200
    assert len(seen) == 4 and not any(lifted in str(data) for data in seen[1:])


def test_the_rule_of_travelling_takes_the_columns_off(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    amira = desk.sign_in("amira", "coordinator")
    acts.count_luggage(desk.node, cast.MARSHAL, convoy, stage.cards["NADIA"], 2)
    acts.name_help(desk.node, NURSE, {stage.persons["NADIA"][0]: "led"})
    page = f"/convoys/{convoy}/manifest/"
    assert "led, and told what happens" in amira.get(page).content.decode()
    rule = queries.travel_rule(desk.node)
    without = {**{k: v for k, v in rule.items() if k != "weight"}, "command": "off",
               **{f"weight_{one}": n for one, n in rule["weight"].items()}}  # fmt: skip
    del without["manifest_luggage"], without["manifest_assistance"]
    assert amira.post("/convoys/rule/", without).status_code == 302
    told = amira.get("/convoys/rule/").content.decode()
    assert "The manifest tells help needed on the way" in told
    after = amira.get(page).content.decode()
    assert "led, and told" not in after and 'data-label="Luggage"' not in after
    assert queries.luggage_of(desk.node, convoy) and queries.help_of(
        desk.node, stage.persons["NADIA"]
    )  # what was recorded stays


def test_what_is_no_count_is_told_and_loses_nothing(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    marshal = desk.sign_in("marshal", "marshal")
    for card, pieces, told in (
        (stage.cards["NADIA"], "many", "from 0 to 99"),
        (stage.cards["NADIA"], "-1", "from 0 to 99"),
        (stage.cards["NADIA"], "100", "from 0 to 99"),
        ("123", "2", "No card with this number counts"),
    ):
        sent = {"card": card, "pieces": pieces, "command": f"{card}{pieces}"}
        answer = marshal.post(f"/convoys/{convoy}/luggage/", sent)
        said = answer.content.decode()
        assert answer.status_code == 422 and told in said and f'value="{card}"' in said
    with pytest.raises(Refusal, match="has a seat on this convoy"):
        acts.count_luggage(desk.node, cast.MARSHAL, "another", stage.cards["NADIA"], 1)
    with pytest.raises(Refusal, match="from the list"):
        acts.name_help(desk.node, NURSE, {stage.persons["NADIA"][0]: "because"})
    assert models.LuggageCounted.objects.using(desk.node.alias).count() == 0
    assert models.AssistanceNamed.objects.using(desk.node.alias).count() == 0
    for name in ("noor", "nurse"), ("sara", "shelter"):
        assert desk.sign_in(*name).get(f"/convoys/{convoy}/luggage/").status_code == 403
    assert marshal.get("/convoys/fitness/").status_code == 403
