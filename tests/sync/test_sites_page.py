"""The page of sites: a site joins by its six words, sticks go both ways, a lost one is revoked."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from corridor.journal import enrol, schema, trust
from corridor.journal.append import Draft, append
from corridor.journal.databases import close_database
from corridor.journal.keys.signing import Signer
from corridor.journal.keys.words import written
from corridor.people.entries import PersonRegistered
from corridor.sync import bundle
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
    wrong = browser.post(f"{URL}enrol/", {"request": token, "same": "yes", "root": "apple"})
    assert wrong.status_code == 422
    assert "south" not in [one.name for one in trust.nodes(desk.node)]
    words = " ".join(written(root.seed, language))
    page = browser.post(f"{URL}enrol/", {"request": token, "same": "yes", "root": words})
    given = re.search(r"CORRIDOR-CERTIFICATE-1\.[\w-]+", page.content.decode())
    assert given is not None
    certificate, _text, _signature = enrol.read_certificate(given.group())
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
    assert browser.post(f"{URL}meet/", {"address": "ftp://x"}).status_code == 422
