"""A family of five at the table, in a real browser: few fields, few keys, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench.table import (
    CHROMIUM,
    FLAGS,
    MOST_FIELDS,
    MOST_KEYS,
    NAME,
    count_a_family,
    served,
    signed_in,
)
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.test_browser import assert_fits, shoot

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("table") / "home") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def value(page: Page, name: str) -> str:
    """What stands in a field."""
    return page.locator(f"main [name='{name}']").first.input_value()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_family_of_five_in_few_fields_and_keys_and_nothing_asked_again(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    page = signed_in(chromium, site, language, width)
    took = count_a_family(page, site)
    assert took.fields <= MOST_FIELDS
    assert took.keys <= MOST_KEYS
    assert_fits(page)
    shoot(page, f"household-{language}")
    # Level 1: what was told stands there; sent as it is, it changes nothing.
    page.goto(f"{took.household}complete/")
    told = {
        "p-0-name": NAME, "p-0-sex": "female", "p-0-relationship": "head",
        "p-1-sex": "female", "p-1-born": "5-17", "p-2-sex": "male", "p-2-born": "0-4",
        "p-3-born": "5-17", "p-4-sex": "male", "p-4-born": "60-120",
    }  # fmt: skip
    assert {name: value(page, name) for name in told} == told
    assert page.locator("main form[data-keep] [required]").count() == 0
    for summary in page.locator("main summary").all():
        summary.click()
    assert_fits(page)
    shoot(page, f"complete-{language}")
    page.locator("main form[data-keep] .stick button").click()
    page.wait_for_url("**/people/household/**")
    pages_of_a_person(page, site, language)


def pages_of_a_person(page: Page, site: str, language: str) -> None:
    """Each page about somebody fits and is clean, with everything opened."""
    address = page.locator(".tiles a").first.get_attribute("href")
    child = page.locator(".tiles a").nth(2).get_attribute("href")
    assert address and child
    seen = {
        "person": address, "full": f"{address}correct/", "needs": f"{address}needs/",
        "alone": f"{address}alone/", "child": f"{child}child/", "carer": f"{child}carer/",
        "reviews": "/people/reviews/", "register": "/people/register/", "find": "/people/?q=أمل",
        "quick": "/people/quick/", "matrix": "/accounts/roles/",
    }  # fmt: skip
    for name, path in seen.items():
        page.goto(f"{site}{path}")
        if name not in ("register",):
            for summary in page.locator("main summary").all():
                summary.click()
        assert_fits(page)
        shoot(page, f"{name}-{language}")


def test_a_tablet_dies_in_mid_form_and_nothing_is_in_the_browser(
    chromium: Browser, site: str
) -> None:
    page = signed_in(chromium, site, "en")
    page.goto(f"{site}/people/register/")
    page.fill("[name='p-0-name']", "Amal Haddad")
    page.fill("[name='p-1-born']", "9")
    expect(page.locator("[data-told]")).to_contain_text("is kept")
    stored = page.evaluate("localStorage.length + sessionStorage.length")
    assert stored == 0
    assert not any("Amal" in one["value"] for one in page.context.cookies())
    page.reload()
    assert value(page, "p-0-name") == "Amal Haddad"
    page.context.close()
    other = signed_in(chromium, site, "ar", 360)
    other.goto(f"{site}/people/register/")
    assert (value(other, "p-0-name"), value(other, "p-1-born")) == ("Amal Haddad", "9")
    other.locator("main form[data-keep] .stick button").click()
    other.wait_for_url("**/people/household/**")
    other.goto(f"{site}/people/register/")
    assert value(other, "p-0-name") == ""
