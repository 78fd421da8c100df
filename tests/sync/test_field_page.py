"""Two laptops become one operation by following `docs/field/two-laptops.md` in a browser."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.test_browser import (
    CHROMIUM,
    ROOT,
    RUN,
    assert_fits,
    chromium,
    corridor,
    environment,
    press,
    shoot,
)
from tests.ports import first_answer, free_port

__all__ = ["chromium"]

FIELD_PAGE = ROOT / "docs" / "field" / "two-laptops.md"

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]


@contextmanager
def serving(home: Path, *more: str) -> Iterator[str]:
    """The site of a home, served; ends well."""
    port = free_port()
    server = subprocess.Popen([*RUN, "serve", "--port", str(port), *more], env=environment(home))
    address = f"http://127.0.0.1:{port}"
    try:
        first_answer(address)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


class Screen:
    """A browser window in one language, that notes what it read."""

    def __init__(self, chromium: Browser, language: str, width: int) -> None:
        self.language = language
        context = chromium.new_context(
            locale=language, viewport={"width": width, "height": 900}, accept_downloads=True
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(120_000)
        self.read = ""

    def say(self, text: str) -> str:
        """A text of the program in this language."""
        with override(self.language):
            return gettext(text)

    def button(self, text: str) -> Locator:
        """The button of this name, after what the page says was noted."""
        self.note()
        return self.page.locator("main").get_by_role("button", name=self.say(text), exact=True)

    def note(self) -> None:
        """Remembers what the page says, for the names that the field page speaks of."""
        self.read += self.page.locator("body").inner_text() + "\n"

    def sign_in(self, address: str, password: str) -> None:
        """As the administrator, then to the page of sites by its name."""
        self.page.goto(address)
        self.page.fill("input[name=login]", "admin")
        self.page.fill("input[name=password]", password)
        press(self.page.locator("main button").first)
        press(self.page.locator("main").get_by_role("link", name=self.say("Sites and trust")))

    def six(self, beside: str) -> list[str]:
        """The six words that are shown in the frame that also holds this."""
        return self.page.locator(f".card:has({beside}) strong bdi").all_inner_texts()


def test_the_field_page_leads_two_laptops_together(chromium: Browser, tmp_path: Path) -> None:
    hq = tmp_path / "hq"
    assert corridor(hq, "init", "--operation", "Orchard", "--site", "hq").returncode == 0
    told = corridor(hq, "node", "root", "words").stdout
    root = re.findall(r"\d+ (\w+)", told)
    assert len(root) == 36
    with serving(hq) as address:
        for language, width, name in (("en", 1280, "north"), ("ar", 360, "south")):
            office = Screen(chromium, language, width)
            office.sign_in(address, "a first password")
            read = a_laptop_joins(chromium, office, tmp_path / name, name, root)
            # Every name in quotation marks on the field page was seen on the way.
            quoted = re.findall({"en": "“([^”]+)”", "ar": "«([^»]+)»"}[language],
                                FIELD_PAGE.read_text())  # fmt: skip
            assert quoted
            for one in quoted:
                assert one in read, one


def a_laptop_joins(
    chromium: Browser, office: Screen, home: Path, name: str, root: list[str]
) -> str:
    """Steps 2 to 6; returns all that the pages said."""
    asked = corridor(home, "node", "request", "--site", name)
    assert asked.returncode == 0, asked.stderr
    door = free_port()
    with serving(home, "--meet", f"127.0.0.1:{door}") as laptop_address:
        laptop = Screen(chromium, office.language, 360)
        laptop.page.goto(laptop_address)
        assert_fits(laptop.page)
        own = laptop.page.locator(f"ol.words[lang={office.language}] li").all_inner_texts()
        token = laptop.page.locator("textarea[readonly]").input_value()

        office.page.fill("#request", token)
        press(office.button("Show its six words"))
        assert office.six("#root") == own
        assert_fits(office.page)
        office.page.fill("#root", " ".join(root))
        shoot(office.page, f"enrol-{office.language}")
        press(office.button("The same: let it join"))
        given = office.page.locator("main textarea[readonly]").input_value()
        shoot(office.page, f"certificate-{office.language}")
        assert_fits(office.page)

        laptop.page.fill("textarea[name=certificate]", given)
        press(laptop.page.locator("button").first)
        shown = laptop.page.locator(f"ol.words[lang={office.language}] li").all_inner_texts()
        assert shown == office.six("textarea[readonly]")
        press(laptop.page.locator("button").first)
        password = laptop.page.locator("p.big").inner_text().split(" / ")[1]
        shoot(laptop.page, f"joined-{office.language}")
        press(laptop.page.locator("button").first)
        first_answer(f"{laptop_address}/sign-in/")
        first_answer(f"http://127.0.0.1:{door}/")
        laptop.sign_in(laptop_address, password)
        laptop.note()

        office.page.fill("#address", f"127.0.0.1:{door}")
        press(office.button("Meet"))
        expect(office.page.get_by_text(office.say("Both sites hold the same."))).to_be_visible(
            timeout=240_000
        )
        shoot(office.page, f"met-{office.language}")
        assert_fits(office.page)
        words = office.six("strong.number")
        laptop.page.reload()
        laptop.note()
        assert laptop.six("strong.number") == words
        shoot(laptop.page, f"sites-{office.language}")
        a_stick_is_carried(office, laptop, name)
        assert_fits(laptop.page)
    return office.read + laptop.read


def a_stick_is_carried(office: Screen, laptop: Screen, name: str) -> None:
    """Without a network: a file is made there and taken in here."""
    press(office.page.locator("main").get_by_role("link", name=office.say("Back to the sites")))
    office.page.select_option("#for", label=name)
    with office.page.expect_download() as coming:
        office.button("Make the file").click()
    laptop.page.set_input_files("#bundle", coming.value.path())
    press(laptop.button("Take it in"))
    expect(laptop.page.locator(".notice.good")).to_be_visible(timeout=60_000)
