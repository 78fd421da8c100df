"""The page of sites: a site joins by its six words, sticks go both ways, a lost one is revoked."""

from __future__ import annotations

import html
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext, override

from corridor.journal import enrol, schema, store, tips, trust
from corridor.journal.append import Draft, append
from corridor.journal.changes import over
from corridor.journal.databases import close_database
from corridor.journal.keys.signing import Signer
from corridor.journal.keys.words import check_words, written
from corridor.journal.node import Node
from corridor.people import models
from corridor.people.entries import PersonCorrected, PersonRegistered
from corridor.sync import bundle, meeting
from corridor.sync.words import WHY
from tests.conftest import Desk
from tests.nodes import new_node

URL = "/accounts/sites/"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_site_joins_meets_by_stick_and_is_revoked(
    desk: Desk, tmp_path: Path, language: str
) -> None:
    root = root_of(desk)
    browser = desk.sign_in("amira", "coordinator", language=language)
    signer = Signer.from_seed(b"q" * 32)
    token = enrol.request(signer, "south")
    shown = browser.post(f"{URL}enrol/", {"request": token}).content.decode()
    for word in enrol.read_request(token).words(language):
        assert word in shown
    chosen = {"request": token, "same": "yes", "powers": ["site"], "until": "2027-06-30",
              "scopes": ["registry", "movement"]}  # fmt: skip
    words = " ".join(written(root.seed, language))
    for bad in ({"root": "apple"}, {"root": words, "until": "2020-01-01"},
                {"root": words, "scopes": []}, {"root": words, "powers": ["king"]}):  # fmt: skip
        assert browser.post(f"{URL}enrol/", {**chosen, **bad}).status_code == 422
    assert "south" not in [one.name for one in trust.nodes(desk.node)]
    page = browser.post(f"{URL}enrol/", {**chosen, "root": words})
    assert "data:image/svg+xml" in page.content.decode()
    given = re.search(r"CORRIDOR-CERTIFICATE-1\.[\w-]+", page.content.decode())
    assert given is not None
    certificate, _text, _signature = enrol.read_certificate(given.group())
    assert (certificate.powers, certificate.until) == (("site",), "2027-06-30")
    assert certificate.scopes == ("registry", "movement")
    south = new_node(
        "south", tmp_path / "south.db", root, "south", seed=b"q" * 32, clock=desk.clock,
        random=desk.node.random,
    )  # fmt: skip
    south.certificate = certificate
    stick = browser.post(f"{URL}make/", {"site": "south"}).content
    assert bundle.take(south, stick).alarms == []
    append(south, "clerk", [Draft(PersonRegistered(name="Rima"), "p-rima")])
    back = bundle.make(south, [desk.node.certificate])
    answer = browser.post(f"{URL}read/", {"bundle": SimpleUploadedFile("x", back)})
    assert answer.status_code == 200
    assert schema.state_hash(south) == schema.state_hash(desk.node)
    bad = browser.post(f"{URL}read/", {"bundle": SimpleUploadedFile("x", back[:-9])})
    assert bad.status_code == 422
    browser.post(f"{URL}revoke/", {"site": certificate.node})
    late = append(south, "clerk", [Draft(PersonRegistered(name="Late"), "p-late")])[0]
    again = bundle.make(south, [desk.node.certificate])
    shown = browser.post(f"{URL}read/", {"bundle": SimpleUploadedFile("x", again)})
    assert late in shown.content.decode()
    browser.post(f"{URL}adopt/", {"entry": late, "reason": "Her aunt confirmed it."})
    assert late not in browser.get(URL).content.decode()
    assert browser.post(f"{URL}make/", {"site": "south"}).status_code == 422
    close_database("south")


def southern(desk: Desk, folder: Path) -> Node:
    """Another site of the desk's operation."""
    return new_node(
        "south", folder / "south.db", root_of(desk), "south", seed=b"q" * 32, clock=desk.clock,
        random=desk.node.random,
    )  # fmt: skip


def root_of(desk: Desk) -> Signer:
    """The root that `lone_node` made."""
    root = Signer.from_seed(random.Random(1).randbytes(32))
    assert root.public == desk.node.operation
    return root


def test_the_page_is_for_those_who_answer_for_the_operation(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    assert clerk.get(URL).status_code == 403
    assert clerk.post(f"{URL}meet/", {"address": "127.0.0.1:1"}).status_code == 403
    browser = desk.sign_in("amira", "coordinator")
    for wrong in ("ftp://x", "north laptop", "192.168.1.5:north", "http://[1"):
        assert browser.post(f"{URL}meet/", {"address": wrong}).status_code == 422


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_meeting_is_held_in_the_background_and_told_at_its_end(
    desk: Desk,
    tmp_path: Path,
    door: Callable[[Node], str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    south = southern(desk, tmp_path)
    browser = desk.sign_in("amira", "coordinator", language=language)
    append(desk.node, "clerk", [Draft(PersonRegistered(name="Rima"), "p-rima")])
    bundle.take(south, bundle.make(desk.node, [south.certificate]))
    for node, phone in ((desk.node, "0911"), (south, "0922")):
        seen = over(node, models.Person, "p-rima", ["phone"])
        append(node, "clerk", [Draft(PersonCorrected(phone=phone), "p-rima", over=seen)])
    address = browser.post(f"{URL}meet/", {"address": door(south)}).headers["Location"]
    page = ended(browser, address)
    for word in check_words(bytes.fromhex(tips.tips_hash(south)), language):
        assert word in page
    assert "/people/p-rima/" in page
    assert "person.corrected" in page
    assert tips.tips_hash(south) == tips.tips_hash(desk.node)
    monkeypatch.setattr(meeting, "PAUSES", (0.01,))
    nobody = browser.post(f"{URL}meet/", {"address": "127.0.0.1:9"}).headers["Location"]
    with override(language):
        said = str(WHY["unreachable"])
    assert said in ended(browser, nobody)
    close_database("south")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_line_cut_after_all_was_exchanged_is_told_with_the_words_to_read(
    desk: Desk,
    tmp_path: Path,
    door: Callable[[Node], str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    south = southern(desk, tmp_path)
    browser = desk.sign_in("amira", "coordinator", language=language)
    append(south, "clerk", [Draft(PersonRegistered(name="Rima"), "p-rima")])
    whole, asked = meeting._Meeting.post, []

    def cut(self: meeting._Meeting, what: str, *more: Any) -> bytes:
        asked.append(what)
        if asked.count("compare") > 1:
            raise meeting._Broken("cut")
        return whole(self, what, *more)

    monkeypatch.setattr(meeting._Meeting, "post", cut)
    monkeypatch.setattr(meeting, "PAUSES", (0.0,))
    address = browser.post(f"{URL}meet/", {"address": door(south)}).headers["Location"]
    page = ended(browser, address)
    with override(language):
        assert gettext("All of it was exchanged before the line was cut, but not compared.") in page
    for word in check_words(bytes.fromhex(tips.tips_hash(desk.node)), language):
        assert word in page
    assert models.Person.objects.using(desk.node.alias).filter(id="p-rima").exists()
    close_database("south")


def ended(browser: Client, address: str) -> str:
    """The page of a meeting once it is over."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page = browser.get(address).content.decode()
        if 'http-equiv="refresh"' not in page:
            return html.unescape(page)
        time.sleep(0.05)
    raise AssertionError("The meeting did not end.")


def test_after_a_fork_the_page_says_what_to_do(desk: Desk) -> None:
    browser = desk.sign_in("amira", "coordinator")
    assert "exists twice" not in browser.get(URL).content.decode()
    with desk.node.transaction():
        store.raise_alarm(desk.node, "fork", "north")
    page = html.unescape(browser.get(URL).content.decode())
    assert "“north” exists twice" in page
    assert "switch it off" in page
