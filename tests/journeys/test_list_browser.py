"""A list comes in through a real browser, in both languages: with HOPE's own faulty workbook."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_browser import (
    CHROMIUM,
    RUN,
    assert_fits,
    chromium,
    corridor,
    environment,
    opened,
    press,
    shoot,
)
from tests.people.test_importing import HOPE, real
from tests.ports import first_answer, free_port

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.heavy,
    real,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]

LIST = HOPE / "error-xlsx.xlsx"

WORDS = {
    "en": {
        "second": "Row 6 already names the head of this household.",
        "sex": "The sex “hmm” is not known. Write female, male or unknown.",
        "several": "There seem to be several people in this cell. Give each a row of their own.",
        "check": "Show what is wrong", "bring": "Register the people", "register": "Register",
        "drop": "Throw this list away", "leave": "Leave out",
    },
    "ar": {
        "second": "السطر 6 يذكر رب هذه الأسرة من قبل.",
        "sex": "الجنس «hmm» غير معروف.",
        "several": "يبدو أن في هذه الخلية عدة أشخاص.",
        "check": "أظهر ما الخطأ", "bring": "سجّل الأشخاص", "register": "تسجيل",
        "drop": "تخلّص من هذه القائمة", "leave": "اتركه",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh encrypted site, served."""
    home = tmp_path_factory.mktemp("lists") / "home"
    assert corridor(home, "init", "--operation", "Test", "--site", "north").returncode == 0
    port = free_port()
    server = subprocess.Popen([*RUN, "serve", "--port", str(port)], env=environment(home))
    address = f"http://127.0.0.1:{port}"
    first_answer(f"{address}/sign-in/")
    yield address
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0
    assert corridor(home, "verify").returncode == 0


def spoilt(folder: Path, language: str) -> Path:
    """The workbook with a header nobody knows, a sex nobody knows, and two people in one cell."""
    book = openpyxl.load_workbook(LIST)
    sheet = book["Individuals"]
    named = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(1, named["sex_i_c"]).value = "kön"
    for name in ("given_name_i_c", "middle_name_i_c", "family_name_i_c"):
        sheet.cell(1, named[name]).value = None
    for row in range(3, 9):
        cell = sheet.cell(row, named["full_name_i_c"])
        cell.value = f"{cell.value} {language}"
    sheet.cell(4, named["sex_i_c"]).value = "hmm"
    sheet.cell(6, named["full_name_i_c"]).value = "Name1 Lorem; Name9 Ipsum"
    path = folder / f"spoilt-{language}.xlsx"
    book.save(path)
    return path


def bring(page: Page, address: str, path: Path) -> None:
    page.goto(f"{address}/people/import/")
    page.set_input_files("input[type=file]", str(path))
    press(page.locator("form[enctype] button"))


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_faulty_list_is_understood_mended_and_registered(
    chromium: Browser, site: str, tmp_path: Path, language: str, width: int
) -> None:
    words = WORDS[language]
    page, errors = opened(chromium, site, language, width)
    bring(page, site, LIST)
    expect(page.locator("dd", has_text="HOPE")).to_be_visible()
    page.get_by_role("button", name=words["check"]).click()
    expect(page.locator("tbody", has_text=words["second"])).to_be_visible(timeout=20_000)
    assert_fits(page)
    shoot(page, f"list-problems-{language}")
    page.go_back()
    press(page.get_by_role("button", name=words["drop"]))

    bring(page, site, spoilt(tmp_path, language))
    for summary in page.locator("main summary").all():
        summary.click()
    assert_fits(page)
    shoot(page, f"list-columns-{language}")
    page.locator("tr", has_text="kön").locator("select").select_option("person.sex")
    page.get_by_role("button", name=words["check"], exact=True).click()
    expect(page.locator("tbody", has_text=words["sex"])).to_be_visible(timeout=20_000)
    expect(page.locator("tbody", has_text=words["several"])).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name=words["bring"]).click()
    page.wait_for_url("**/done/**", timeout=30_000)
    assert page.locator(".big").first.inner_text() == "4"
    assert_fits(page)
    shoot(page, f"list-done-{language}")

    for mend in ("sex", "name"):
        page.goto(f"{site}/people/aside/")
        assert_fits(page)
        said = words["sex"] if mend == "sex" else words["several"]
        press(page.locator("tr", has_text=said).get_by_role("link"))
        assert_fits(page)
        if mend == "sex":
            shoot(page, f"list-row-{language}")
            page.select_option("select[name='v-person.sex']", "male")
        else:
            page.fill("input[name='v-person.name']", f"Name1 Lorem {language}")
        page.get_by_role("button", name=words["register"], exact=True).click()
        page.wait_for_url("**/people/*-*/", timeout=20_000)
    page.goto(f"{site}/people/aside/")
    expect(page.locator(".notice.good")).to_be_visible()
    shoot(page, f"list-aside-{language}")
    page.goto(f"{site}/accounts/exports/")
    assert_fits(page)
    shoot(page, f"exports-{language}")
    page.goto(f"{site}/people/?q={language}")
    expect(page.locator("tbody tr")).to_have_count(6)
    assert errors == []
