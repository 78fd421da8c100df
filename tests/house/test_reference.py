"""The reference made from the code has what the contract names."""

from __future__ import annotations

import re

import pytest
from docs.generate import pages

from tests.storms.run_referee import referee_folder

CONTRACT = referee_folder().parents[1] / "contracts" / "commands.md"


@pytest.mark.skipif(not CONTRACT.is_file(), reason="The contract lies in CORRIDOR_SHARED.")
def test_every_command_of_the_contract_is_told() -> None:
    told = set(re.findall(r"^## `corridor ([a-z -]+)`$", pages()["commands.md"], re.M))
    rows = re.findall(
        r"^\| `corridor ([a-z-]+(?: (?:plan|search|score))?)", CONTRACT.read_text(), re.M
    )
    assert len(rows) >= 15
    assert set(rows) <= told
