"""The whole road in a real browser, in both languages, at a tablet's and a laptop's width."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.ports import first_answer, free_port
from tests.storms.run_referee import referee_folder

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HOPE = referee_folder().parents[1] / "realdata" / "hope" / "rdi_import_50_hh_50_ind.xlsx"
PASSPHRASE = "a long passphrase"

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]

WORDS = {
    "en": {"fill": "Fill free seats", "depart": "The convoy leaves", "save": "Save who is here",
           "close": "Close the arrival", "lock": "Lock the site"},
    "ar": {"fill": "املأ المقاعد", "depart": "القافلة تنطلق", "save": "احفظ من هو هنا",
           "close": "إغلاق الوصول", "lock": "قفل الموقع"},
}  # fmt: skip


RUN = [sys.executable, "-c", "from corridor.cli import main; main()"]

#: Each adult of a list is asked alone, as a clerk does at the table.
ASK = """
from corridor.cli import main
from corridor.cli.shell import opened
node = opened()
from corridor.exercise.operation import ask_alone
from corridor.people.models import Person
ask_alone(node, "clerk", [one.id for one in Person.objects.using(node.alias)], node.clock())
"""


def corridor(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the site at `home`."""
    return subprocess.run(
        [*RUN, *arguments], env=environment(home), capture_output=True, text=True, check=False
    )


def environment(home: Path) -> dict[str, str]:
    """What a command needs to open the site."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "CORRIDOR_HOME": str(home),
        "CORRIDOR_PASSPHRASE": PASSPHRASE,
        "CORRIDOR_ADMIN_PASSWORD": "a first password",
    }


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A fresh encrypted site with a real registration file imported, served."""
    home = tmp_path / "home"
    assert corridor(home, "init", "--operation", "Test", "--site", "north").returncode == 0
    imported = corridor(home, "import", str(HOPE), "--wait-at", "School")
    assert imported.returncode in (0, 1), imported.stderr
    subprocess.run([sys.executable, "-c", ASK], env=environment(home), check=True)
    port = free_port()
    server = subprocess.Popen([*RUN, "serve", "--port", str(port)], env=environment(home))
    address = f"http://127.0.0.1:{port}"
    first_answer(f"{address}/sign-in/")
    yield address
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0
    assert corridor(home, "verify").returncode == 0


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def opened(chromium: Browser, address: str, language: str, width: int) -> tuple[Page, list[str]]:
    """A signed-in page, and the list into which its errors go."""
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.goto(address)
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "a first password")
    press(page.locator("main button").first)
    return page, errors


def press(control: Locator) -> None:
    """Clicks what leads to another page, and waits until that page is there."""
    with control.page.expect_navigation(timeout=60_000):
        control.click()


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen, what is tapped is 44 px high, and axe finds nothing."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    widest = page.evaluate(
        """[...document.querySelectorAll("main *")].filter(one => {
        const box = one.getBoundingClientRect(); return box.right > window.innerWidth + 1
        || box.left < -1}).map(one => one.outerHTML.slice(0, 200)).slice(0, 3)"""
    )
    assert wide <= 0, (page.url, wide, widest)
    small = page.evaluate(
        """[...document.querySelectorAll(`button, .button, .menu a, .drawer a, summary, select,
        input:not([type=hidden], [type=checkbox], [type=radio])`)]
        .filter(one => one.offsetParent && one.offsetHeight < 44).map(one => one.outerHTML)"""
    )
    assert small == [], page.url
    found = Axe().run(page)
    assert found.violations_count == 0, (page.url, found.generate_report())


def shoot(page: Page, name: str) -> None:
    """Keeps a screenshot, where somebody wants to look (CORRIDOR_SCREENSHOTS)."""
    folder = os.environ.get("CORRIDOR_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_the_whole_road(chromium: Browser, served: str, language: str, width: int) -> None:
    words = WORDS[language]
    page, errors = opened(chromium, served, language, width)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    shoot(page, f"home-{language}")
    page.goto(f"{served}/waiting/")
    expect(page.locator("tbody tr").first).to_be_visible()
    for summary in page.locator("main summary").all():
        summary.click()
    assert_fits(page)
    shoot(page, f"waiting-{language}")
    page.fill("details input[name=name]", "Orchard")
    page.select_option("details select[name=use]", "reception")
    press(page.locator("details form.place button"))
    page.goto(f"{served}/convoys/")
    page.fill("input[name=name]", "First")
    page.fill("textarea[name=vehicles]", "Bus 1; 30; 1; 1\nBus 2; 20")
    press(page.locator("main details form button"))
    press(page.get_by_role("button", name=words["fill"]))
    told = int(page.locator(".tiles .big").first.inner_text())
    assert 30 <= told <= 60
    assert_fits(page)
    shoot(page, f"convoy-{language}")
    convoy = page.url
    page.goto(f"{convoy}manifest/")
    assert page.locator("tbody tr").count() == told
    assert_fits(page)
    pdf = page.context.request.get(f"{convoy}manifest.pdf")
    assert pdf.body().startswith(b"%PDF")
    page.goto(f"{convoy}boarding/")
    rows = page.locator("tbody tr")
    for number in range(rows.count()):
        card = rows.nth(number).locator(".number").first.inner_text()
        page.fill("input[name=card]", card)
        page.keyboard.press("Enter")
        expect(page.locator(".outcome.good")).to_have_attribute("data-card", card.replace(" ", ""))
    expect(page.locator(".families tr[data-card]:visible")).to_have_count(0)
    assert_fits(page)
    shoot(page, f"boarding-{language}")
    page.goto(convoy)
    for yes in page.locator(".checklist input[value=ok]").all():
        yes.check()
    press(page.locator(".checklist form button"))
    page.fill("input[name=head_count]", str(told))
    press(page.get_by_role("button", name=words["depart"]))
    page.goto(f"{convoy}arrival/")
    boxes = page.locator("input[type=checkbox]")
    assert boxes.count() == told
    missing = page.locator(".families tbody tr").first.locator("bdi").first.inner_text()
    for number in range(1, told):
        boxes.nth(number).check()
    assert_fits(page)
    press(page.get_by_role("button", name=words["save"]))
    press(page.get_by_role("button", name=words["close"]))
    shoot(page, f"arrived-{language}")
    page.goto(f"{served}/accounts/")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert missing in page.locator("tbody tr").inner_text()
    assert_fits(page)
    shoot(page, f"accounts-{language}")
    press(page.locator("tbody a"))
    assert_fits(page)
    shoot(page, f"person-{language}")
    assert errors == []


def test_a_page_works_by_keyboard_alone(chromium: Browser, served: str) -> None:
    page, _errors = opened(chromium, served, "en", 320)
    page.locator(".drawer summary").press("Enter")
    assert_fits(page)
    page.goto(f"{served}/accounts/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    seen = set()
    page.locator(".drawer summary").press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.innerText"))
    assert any("Waiting list" in one for one in seen)


def test_locking_ends_the_process_that_holds_the_key(chromium: Browser, served: str) -> None:
    page, _errors = opened(chromium, served, "en", 1280)
    page.get_by_role("button", name=WORDS["en"]["lock"]).click()
    time.sleep(2)
    page.goto(served)
    page.fill("input[type=password]", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".bad")).to_be_visible()
    page.fill("input[type=password]", PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sign-in"), timeout=20_000)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_fits_the_smallest_screen(chromium: Browser, served: str, language: str) -> None:
    page, errors = opened(chromium, served, language, 320)
    pages = page.locator(".menu a").evaluate_all("all => all.map(one => one.href)")
    extra = [f"{served}/people/quick/", f"{served}/people/aside/", f"{served}/factors/"]
    for number, address in enumerate([*pages, *extra]):
        page.goto(address)
        for summary in page.locator("main summary").all()[:3]:
            summary.click()
        assert_fits(page)
        shoot(page, f"page{number}-{language}")
    assert len(pages) >= 8
    assert errors == []


def test_no_process_keeps_the_key_when_its_parent_was_killed(served: str) -> None:
    port = int(served.rsplit(":", 1)[1])
    holders = workers_of(port)
    assert len(holders) >= 2
    time.sleep(3)  # what ends sooner counts as a site that could not be served
    os.kill(min(holders), signal.SIGKILL)
    for _ in range(100):
        if not workers_of(port) & holders:
            break
        time.sleep(0.1)
    assert workers_of(port) & holders == set()


def test_a_site_stopped_while_it_is_locked_leaves_no_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert corridor(home, "init", "--operation", "Test", "--site", "north").returncode == 0
    port = free_port()
    asked = {name: value for name, value in environment(home).items() if "PASSPHRASE" not in name}
    server = subprocess.Popen(
        [*RUN, "serve", "--port", str(port)], env=asked, stdin=subprocess.DEVNULL
    )
    _status, said = first_answer(f"http://127.0.0.1:{port}/")
    assert b"Passphrase" in said
    assert len(workers_of(port)) == 1
    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 0
    assert workers_of(port) == set()


def workers_of(port: int) -> set[int]:
    """The processes that serve this port, or will once they are given the key."""
    found = set()
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            said = one.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"corridor.config.worker" in said and str(port).encode() in said:
            found.add(int(one.parent.name))
    return found
