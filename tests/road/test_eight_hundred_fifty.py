"""A day on the road in a real browser: 850 people wait, 12 vehicles are planned, things go wrong.

The interesting steps are done in the browser, the many like them by the same acts beside it.
"""

from __future__ import annotations

import os
import re
import socketserver
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, expect

from corridor.desk.team import add_user
from corridor.engines.urgency import STARTING_RULE
from corridor.exercise.operation import new_household
from corridor.exercise.population import households
from corridor.people import models as people_models
from corridor.people.acts import register
from corridor.people.queries import accounts, cards_of, counts, day_of
from corridor.stops.convoy import acts, queries
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_browser import CHROMIUM, assert_fits, chromium, press, shoot
from tests.road.stage import HOUR, agree

__all__ = ["chromium"]

PEOPLE = 850

# A busy machine answers late; what matters here is what it answers.
expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]

WORDS = {
    "en": {"plan": "Make a plan", "publish": "Publish the plan", "refuse": "They do not want to go",
           "drop": "It drops out", "no_shows": "Give back the seats", "fill": "Fill free seats",
           "leaves": "The convoy leaves", "unlisted": "Register, and here",
           "close": "Close the arrival", "balances": "The account balances"},
    "ar": {"plan": "ضع خطة", "publish": "انشر الخطة", "refuse": "لا يريدون الذهاب",
           "drop": "تخرج من القافلة", "no_shows": "أعد مقاعد", "fill": "املأ المقاعد",
           "leaves": "القافلة تنطلق", "unlisted": "سجّله، وهو هنا", "close": "إغلاق الوصول",
           "balances": "الحساب متوازن"},
}  # fmt: skip


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None: ...


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(autouse=True)
def beside_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's driver keeps a loop in this thread; the acts beside it are not of it."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The site of `desk`, served to a browser."""
    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=Threaded, handler_class=Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def everybody_waits(desk: Desk) -> tuple[str, str]:
    """850 invented people, each adult asked alone, on the list of one school."""
    node, who = desk.node, cast.COORDINATOR
    waiting.publish_rule(node, who, STARTING_RULE)
    school = waiting.describe_place(node, who, "School", "pickup", name_other="المدرسة")
    camp = waiting.describe_place(node, who, "Orchard", "reception", name_other="البستان")
    persons: list[str] = []
    made = [new_household(one) for one in households(7, PEOPLE, day_of(desk.clock()))]
    for first in range(0, len(made), 25):
        done = register(node, who, made[first : first + 25])
        some = [person for one in done for person in one.persons]
        agree(node, some)
        waiting.join(node, who, some, school)
        persons += some
        desk.clock.now += HOUR
    assert len(persons) == PEOPLE
    return school, camp


def twelve_vehicles(desk: Desk, school: str, camp: str) -> None:
    node, who = desk.node, cast.COORDINATOR
    acts.describe_route(node, who, school, camp, before=60, out=90, back=90)
    acts.describe_intake(node, who, camp, 2000, 60)
    for number in range(1, 12):
        bus = acts.VehicleDraft(
            f"Bus {number}", 80, stretcher_seats=2, max_fitted=3, wheelchair_seats=1,
            max_extra_chairs=3, luggage=4000,
        )  # fmt: skip
        acts.describe_vehicle(node, who, bus)
    acts.describe_vehicle(
        node, who, acts.VehicleDraft("Ambulance 1", 8, lying=2, luggage=400, ambulance=True)
    )
    window = acts.WindowDraft(
        "Morning", desk.clock.now + HOUR, desk.clock.now + 12 * HOUR, [desk.clock.now + 4 * HOUR],
        [school], [camp], 12, guardians=6,
    )  # fmt: skip
    acts.describe_window(node, who, window)


def scanned(page: Page, card: str) -> None:
    page.fill("input[name=card]", card)
    page.keyboard.press("Enter")
    expect(page.locator(".outcome")).to_have_attribute("data-card", card)


def families_of(desk: Desk, convoy: str) -> dict[str, list[str]]:
    """Card to the persons of a family who hold seats."""
    told = queries.seats_told(desk.node, convoy)
    homes = dict(people_models.Person.objects.using(desk.node.alias)
                 .filter(id__in=list(told)).values_list("id", "household"))  # fmt: skip
    cards = cards_of(desk.node, {home or "" for home in homes.values()})
    found: dict[str, list[str]] = {}
    for person, home in homes.items():
        found.setdefault(cards[home or ""], []).append(person)
    return found


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_day_on_the_road(
    desk: Desk, address: str, chromium: Browser, language: str, width: int
) -> None:
    words, node = WORDS[language], desk.node
    school, camp = everybody_waits(desk)
    twelve_vehicles(desk, school, camp)
    add_user(node, desk.admin, "amira", "a long password", ["coordinator", "marshal", "registrar"])
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)
    page.goto(f"{address}/convoys/plan/")
    page.fill("input[name=login]", "amira")
    page.fill("input[name=password]", "a long password")
    press(page.locator("main button").first)

    def look(name: str) -> None:
        assert_fits(page)
        for wide in (360, 1280) if os.environ.get("CORRIDOR_SCREENSHOTS") else ():
            page.set_viewport_size({"width": wide, "height": 900})
            shoot(page, f"road-{name}-{language}-{wide}")
        page.set_viewport_size({"width": width, "height": 900})

    look("plan")
    press(page.get_by_role("button", name=words["plan"]))
    expect(page.get_by_role("button", name=words["publish"])).to_be_visible(timeout=30_000)
    expect(page.locator(".notice.good")).to_be_visible()
    look("proposal")
    press(page.locator("td a.button").first)
    look("trip")
    page.go_back()
    press(page.get_by_role("button", name=words["publish"]))
    [convoy] = [one.id for one in queries.convoys(node)]
    assert len(queries.vehicles(node, convoy)) == 12
    seated = queries.seats_told(node, convoy)
    assert len(seated) > 800

    # A driver joins: crew stand in the accounts as everybody does.
    driver = acts.join_crew(node, cast.COORDINATOR, "Omar", "driver")
    acts.seat_crew(node, cast.COORDINATOR, convoy, driver, queries.vehicles(node, convoy)[0].id)
    acts.tap(node, cast.MARSHAL, convoy, [driver])

    # Boarding: most by the same act from four lanes, the interesting ones in the browser.
    families = families_of(desk, convoy)
    families = {card: those for card, those in families.items() if driver not in those}
    cards = sorted(families)
    absent, refusing, shown, rest = cards[:3], cards[3], cards[4], cards[5:]
    page.goto(f"{address}/convoys/{convoy}/boarding/?lane=2")
    scanned(page, shown)
    expect(page.locator(".outcome.good")).to_be_visible()
    page.fill("input[name=card]", shown)
    page.keyboard.press("Enter")
    expect(page.locator(".outcome .sign")).to_have_text("↺")
    page.fill("input[name=card]", "12345")
    page.keyboard.press("Enter")
    expect(page.locator(".outcome.wait")).to_be_visible()
    look("boarding")
    for number, card in enumerate(rest):
        acts.scan(node, cast.MARSHAL, convoy, card, acts.LANES[number % 4])
    page.goto(f"{address}/convoys/{convoy}/boarding/")
    row = page.locator(f"tr[data-card='{refusing}']")
    row.locator("summary").click()
    press(row.get_by_role("button", name=words["refuse"]))
    expect(page.locator(".notice.good")).to_be_visible()
    assert not set(families[refusing]) & set(queries.seats_told(node, convoy))

    # A bus breaks down with people aboard: each rides elsewhere or waits again.
    page.goto(f"{address}/convoys/{convoy}/")
    broken = queries.vehicles(node, convoy)[3]
    stranded = {p for p, v in queries.seats_told(node, convoy).items() if v == broken.id}
    page.locator("details", has=page.locator(".take-off")).locator("summary").first.click()
    form = page.locator("form.take-off", has=page.locator(f"input[value='{broken.id}']"))
    press(form.get_by_role("button", name=words["drop"]))
    expect(page.locator(".notice.good").first).to_be_visible()
    told = queries.seats_told(node, convoy)
    assert broken.id not in told.values()
    for card, those in families.items():
        if stranded & set(those) & set(told):
            acts.scan(node, cast.MARSHAL, convoy, card)
    page.locator("details", has=page.locator(".take-off")).locator("summary").first.click()
    press(page.get_by_role("button", name=words["no_shows"]))
    assert not {p for card in absent for p in families[card]} & set(
        queries.seats_told(node, convoy)
    )

    # Go, heads, off.
    for yes in page.locator(".checklist input[value=ok]").all():
        yes.check()
    press(page.locator(".checklist form button"))
    aboard = queries.aboard_of(node, convoy)
    page.fill("input[name=head_count]", str(len(aboard)))
    look("convoy")
    press(page.get_by_role("button", name=words["leaves"]))
    assert queries.has_departed(node, convoy)

    # On the way, and who was told which seat.
    page.goto(f"{address}/convoys/{convoy}/way/")
    expect(page.locator(".families tbody tr")).to_have_count(len(aboard))
    look("way")
    page.goto(f"{address}/convoys/{convoy}/told/")
    expect(page.locator("tbody tr")).to_have_count(100)
    look("told")

    # Arrival: one missing, one on no list.
    grown = [p for p in aboard if p != driver and not queries.is_child(
        node, queries.persons_by_id(node, [p])[p])]  # fmt: skip
    missing = grown[len(grown) // 2]
    acts.arrive(node, cast.MARSHAL, convoy, [p for p in aboard if p not in (missing, grown[0])])
    page.goto(f"{address}/convoys/{convoy}/arrival/")
    expect(page.locator(".families tbody tr")).to_have_count(2)
    page.locator(f"input[value='{grown[0]}']").check()
    press(page.locator(".stick button").first)
    expect(page.locator(".families tbody tr")).to_have_count(1)
    page.locator(".unlisted summary").click()
    page.fill(".unlisted input[name=age]", "40")
    look("arrival")
    press(page.get_by_role("button", name=words["unlisted"]))
    press(page.get_by_role("button", name=words["close"]))
    look("arrived")
    page.goto(f"{address}/convoys/{convoy}/balance/")
    expect(page.locator(".notice.good")).to_contain_text(words["balances"])
    look("balance")

    # The equation balances, and the accounts tell every one of them.
    found = queries.balance(node, convoy)
    assert found.is_whole
    assert found.terms["unaccounted"] == (missing,) and len(found.unlisted) == 1
    assert len(found.terms["arrived"]) == len(aboard) - 1
    states = counts(node)
    assert sum(states.values()) == PEOPLE + 2
    assert states["not_accounted_for"] == 1
    assert states["at_site"] == len(aboard)
    assert states["waiting"] == PEOPLE + 1 - len(aboard)
    everybody = set(people_models.Person.objects.using(node.alias).values_list("id", flat=True))
    told_of = [record for one in accounts(node) for record in one.records]
    assert sorted(told_of) == sorted(everybody) and len(everybody) == PEOPLE + 2
    page.goto(f"{address}/accounts/")
    assert re.search(missing, page.content())
    shown = {int(n) for n in re.findall(r"\d+", page.locator("main .tiles").first.inner_text())}
    assert set(states.values()) <= shown, (states, shown)
    look("accounts")
    assert errors == []
