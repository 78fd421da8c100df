"""A site comes back from its backup after its folder is gone, and forks nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.sync.test_two_laptops import Laptop, carry, pair


def test_a_site_comes_back_whole_and_forks_nothing(tmp_path: Path) -> None:
    hq, north = pair(tmp_path)
    carry(tmp_path, hq, north)
    north("exercise", "--people", "30")
    saved = tmp_path / "north.backup"
    north("backup", "--out", str(saved))
    before = north.hash()
    shutil.rmtree(north.home)
    assert "Meet another site" in north.said("restore", str(saved))
    assert north.hash() == before
    assert json.loads(north("verify", "--json"))["faults"] == []
    people = tmp_path / "more.csv"
    people.write_text("name,sex\nRima Haddad,female\n")
    north("import", str(people))
    said = carry(tmp_path, north, hq, "--for", "hq")
    assert "written twice" not in said
    assert hq.hash() == north.hash()


def test_a_backup_opens_with_the_passphrase_only_and_shows_nothing(tmp_path: Path) -> None:
    word = "a long passphrase"
    site = Laptop(tmp_path / "site", CORRIDOR_PASSPHRASE=word)
    site("init", "--operation", "Orchard", "--site", "north")
    site("exercise", "--people", "20")
    saved = tmp_path / "site.backup"
    site("backup", "--out", str(saved))
    raw = saved.read_bytes()
    assert b"person.registered" not in raw
    assert b"argon2" not in raw
    before = site.hash()
    assert "already" in site.said("restore", str(saved), code=1)
    shutil.rmtree(site.home)
    for spoilt in (raw[:-50], raw[: len(raw) // 2], b"x" * 100, raw[:-60] + b"y" * 60):
        saved.write_bytes(spoilt)
        site.said("restore", str(saved), code=1)
        assert not site.home.exists()
    saved.write_bytes(raw)
    site.said("restore", str(saved), code=1, CORRIDOR_PASSPHRASE="another")
    site("restore", str(saved))
    assert site.hash() == before
    site("exercise", "--people", "20", "--as", "nobody", code=1)


def test_a_backup_carries_who_came_with_lists(tmp_path: Path) -> None:
    site = Laptop(tmp_path / "site")
    site("init", "--operation", "Orchard", "--site", "north", "--no-encryption")
    people = tmp_path / "people.csv"
    people.write_text("name,sex\nRima Haddad,female\nSami Haddad,male\nNur Haddad,hmm\n")
    site("import", str(people), code=1)
    saved = tmp_path / "site.backup"
    site("backup", "--out", str(saved))
    shutil.rmtree(site.home)
    site("restore", str(saved))
    assert "0 people in 0 households were registered; 2 were known" in site.said(
        "import", str(people), code=1
    )
    assert json.loads(site("whereabouts", "--json"))["states"] == {"registered": 2}


def test_an_old_backup_that_wrote_on_is_noticed_everywhere(tmp_path: Path) -> None:
    hq, north = pair(tmp_path)
    carry(tmp_path, hq, north)
    saved = tmp_path / "north.backup"
    north("backup", "--out", str(saved))
    people = tmp_path / "more.csv"
    people.write_text("name,sex\nRima Haddad,female\n")
    north("import", str(people))
    carry(tmp_path, north, hq, "--for", "hq")
    shutil.rmtree(north.home)
    north("restore", str(saved))
    people.write_text("name,sex\nSami Nasser,male\n")
    north("import", str(people))
    said = carry(tmp_path, north, hq, "--for", "hq")
    assert "has written twice" in said
    assert "has written twice" in carry(tmp_path, hq, north, "--for", "north")
    assert hq.hash() == north.hash()
    assert json.loads(hq("whereabouts", "--json"))["states"] == {"registered": 2}
