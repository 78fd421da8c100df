"""The numbers that the house holds: sizes of files and functions, rooms, words, dependencies."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "corridor"
FILES = sorted(SOURCE.rglob("*.py"))

#: What a stop may hold.
STOP_FILES = {
    "__init__", "apps", "models", "entries", "queries", "acts", "derive", "findings", "forms",
    "views", "urls", "printing", "print", "templates", "static", "tests", "locale", "__pycache__",
}  # fmt: skip
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "misc"}


def functions() -> list[tuple[int, str]]:
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                found.append((length, f"{path.relative_to(ROOT)}:{node.name}"))
    return sorted(found)


def share(ordered: list[int], part: float) -> int:
    return ordered[int(len(ordered) * part)]


def test_functions_are_short() -> None:
    found = functions()
    assert share([length for length, _ in found], 0.95) <= 45
    assert [one for one in found if one[0] > 70] == []


def test_files_are_short() -> None:
    found = sorted((len(path.read_text().splitlines()), str(path)) for path in FILES)
    assert share([length for length, _ in found], 0.95) <= 350
    assert [one for one in found if one[0] > 600] == []


def test_no_room_is_called_after_nothing() -> None:
    names = {part for path in FILES for part in (*path.relative_to(SOURCE).parts[:-1], path.stem)}
    assert names & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize("stop", sorted(p.parent for p in SOURCE.glob("stops/*/__init__.py")))
def test_a_stop_holds_only_its_rooms(stop: Path) -> None:
    assert {path.stem for path in stop.iterdir()} - STOP_FILES == set()


def test_no_import_hides_in_a_function() -> None:
    hidden = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                hidden += [
                    f"{path}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert hidden == []


def test_a_site_needs_at_most_25_direct_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert len(project["dependencies"]) <= 25


def test_codes_of_suspicion_are_named_only_where_they_are_refused() -> None:
    label = re.compile(r"\b(CR-AF|CR-CL|WR-WF|LP-AF|LP-AP|LP-VP|LP-CR|LP-ST)\b")
    where = {str(path.relative_to(SOURCE)) for path in FILES if label.search(path.read_text())}
    assert where <= {"people/needs.py", "people/intake/needs.py", "exercise/population/needs.py"}


def test_cryptography_is_imported_in_the_keys_only() -> None:
    lines = re.compile(r"^\s*(?:from|import) (nacl|argon2|pyrage|cryptography)\b", re.MULTILINE)
    where = [path for path in FILES if lines.search(path.read_text())]
    assert all(path.parent == SOURCE / "journal" / "keys" for path in where)
    assert where
