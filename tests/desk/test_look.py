"""The look holds its contrast in light and dark, and pages wear it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from corridor.desk import assets, navigation
from corridor.desk.forms import MemberForm
from tests.conftest import Desk

SHEET = Path(assets.__file__).parent / "static" / "desk" / "corridor.css"

#: Text and what it stands on; edges of fields and what they stand on.
TEXTS = [
    ("ink", "paper"), ("ink", "ground"), ("quiet", "paper"), ("quiet", "ground"),
    ("deep", "paper"), ("deep", "ground"), ("deep", "deep-soft"), ("deep-ink", "deep"),
    ("good", "good-ground"), ("wait", "wait-ground"), ("bad", "bad-ground"),
    ("calm", "calm-ground"), ("bad", "paper"), ("paper", "bad"),
]  # fmt: skip
EDGES = [("edge", "paper"), ("edge", "ground"), ("focus", "paper"), ("focus", "ground")]


def colours(dark: bool) -> dict[str, str]:
    """Names of colours to hex values, light or dark."""
    text = SHEET.read_text(encoding="utf-8")
    light, rest = text.split("prefers-color-scheme: dark", 1)
    night = rest.split("prefers-contrast", 1)[0]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", night)) if dark else found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 reckons it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_in_the_sun(dark: bool) -> None:
    known = colours(dark)
    weak = [pair for pair in TEXTS if contrast(known[pair[0]], known[pair[1]]) < 7]
    pale = [pair for pair in EDGES if contrast(known[pair[0]], known[pair[1]]) < 3]
    assert (weak, pale) == ([], [])


def test_sides_are_logical_and_colours_are_hex() -> None:
    text = SHEET.read_text(encoding="utf-8")
    assert re.findall(r"(?:margin|padding|border)-(?:left|right)|\b(?:left|right):", text) == []
    assert re.findall(r"oklch|rgb\(|hsl\(", text) == []


def test_files_that_a_page_names_may_be_kept_and_change_their_address(desk: Desk) -> None:
    page = desk.sign_in("amira", "coordinator").get("/").content.decode()
    address = re.search(r'href="(/static/desk/corridor\.css\?[0-9a-f]{10})"', page)
    assert address is not None
    assert address[1].endswith(assets.stamp("desk/corridor.css"))
    for name in re.findall(r'url\("(fonts/[\w.-]+)"\)', SHEET.read_text(encoding="utf-8")):
        assert (SHEET.parent / name).is_file(), name


def test_the_first_page_says_what_is_open_and_searches_first(desk: Desk) -> None:
    amira = desk.sign_in("amira", "coordinator", "registrar").get("/").content.decode()
    assert 'role="search"' in amira
    assert "everybody is accounted for" in amira
    marwan = desk.sign_in("marwan", "marshal").get("/").content.decode()
    assert 'role="search"' not in marwan
    assert "Convoys" in marwan


def test_the_menu_marks_where_one_is(desk: Desk) -> None:
    client = desk.sign_in("amira", "coordinator", "registrar")
    assert (
        'href="/people/register/" aria-current="page"'
        in client.get("/people/register/").content.decode()
    )
    assert 'href="/people/" aria-current="true"' in client.get("/people/nobody/").content.decode()


def test_menu_parts_follow_the_journey() -> None:
    pages = navigation.pages_for(frozenset({"coordinator", "registrar", "administrator"}))
    parts = [str(title) for title, _some in navigation.grouped(pages)]
    assert parts == [str(title) for _least, title in navigation.GROUPS if str(title) in parts]
    assert "Journey" in parts


def test_a_form_says_at_its_top_what_is_wrong_and_where() -> None:
    form = MemberForm({"username": "no spaces here", "roles": []}, places=[])
    page = render_to_string("desk/parts/form.html", {"form": form})
    target = re.search(r'<li><a href="#([\w]+)">User name', page)
    assert target is not None
    assert f'id="{target[1]}"' in page
    assert page.count("<fieldset") == 1
