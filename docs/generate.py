"""Writes docs/reference/ from the code: kinds of entry, tables, commands. `--check` only compares.

python -m docs.generate [--check]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

FOLDER = Path(__file__).parent / "reference"
HEAD = "<!-- Made by `make docs` from the code. Change the code, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Name and text of each generated page."""
    return {
        "kinds.md": HEAD + _kinds(),
        "tables.md": HEAD + _tables(),
        "commands.md": HEAD + _commands(),
    }


def _kinds() -> str:
    from corridor.journal.kinds import all_kinds  # noqa: PLC0415

    text = "# Kinds of entry\n\nEvery kind, with who may record it. Roles are judged by acts, the"
    text += " powers of a node when folding.\n"
    for kind in all_kinds():
        text += f"\n## `{kind.name}`\n\n"
        text += f"{'Fact' if kind.is_fact else 'Change'}, version {kind.version}, scope"
        text += f" **{kind.scope}**, table `{kind.table._meta.db_table}`."
        if kind.roles:
            text += f" Roles: {', '.join(kind.roles)}."
        if kind.confided_to:
            text += f" Told in no timeline, read by: {', '.join(kind.confided_to)}."
        if kind.power:
            text += f" Needs a node with the power *{kind.power}*."
        if kind.movement:
            text += f" Moves to **{kind.movement.state}** (stage {kind.movement.stage})."
        if kind.erases:
            text += " Erases."
        if kind.identifies:
            text += f" Tells whom a `{kind.identifies[0]}` was about, which is erased with them."
        if kind.ends_journey:
            text += " Ends a journey."
        text += f"\n\n> {kind.say._args[0] if hasattr(kind.say, '_args') else kind.say}\n"
        if kind.fields:
            text += "\n| number | field | part | read by |\n|---|---|---|---|\n"
            for name, mark in sorted(kind.fields.items(), key=lambda one: one[1].number):
                part = "body (personal)" if mark.personal else "head (public)"
                readers = ", ".join(mark.readers) or "as the kind"
                text += f"| {mark.number} | {name} | {part} | {readers} |\n"
    return text


def _tables() -> str:
    from corridor.journal.derive import columns_of, ordered_steps, shared_tables  # noqa: PLC0415
    from corridor.journal.schema import folded_tables  # noqa: PLC0415

    derived = {one.table for one in (*ordered_steps(), *shared_tables())}
    text = "# Folded tables\n\nNobody writes them but the fold; they can be thrown away and folded"
    text += " again.\n\n| table | what | columns |\n|---|---|---|\n"
    for table in folded_tables():
        name = table._meta.db_table
        what = "derived" if table in derived else "rows of entries"
        text += f"| `{name}` | {what} | {', '.join(columns_of(table))} |\n"
    return text


def _commands() -> str:
    import typer.main  # noqa: PLC0415

    from corridor.cli.commands import app  # noqa: PLC0415

    text = "# Commands\n"
    root = typer.main.get_command(app)
    return text + _command(root, "corridor")


def _command(command: object, name: str) -> str:
    assert hasattr(command, "help")
    text = f"\n## `{name}`\n\n{(command.help or '').strip()}\n"
    parameters = [p for p in command.params if p.name != "help"]  # type: ignore[attr-defined]
    if parameters:
        text += "\n| parameter | what |\n|---|---|\n"
        for one in parameters:
            shown = ", ".join(one.opts) if one.param_type_name == "option" else one.name.upper()
            text += f"| `{shown}` | {getattr(one, 'help', None) or ''} |\n"
    for each, found in getattr(command, "commands", {}).items():
        if not found.hidden:
            text += _command(found, f"{name} {each}")
    return text


def main() -> int:
    """Writes the pages, or with --check says which are stale."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
    django.setup()
    stale = []
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for name, text in made.items():
        path = FOLDER / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text)
    if "--check" in sys.argv and stale:
        print(f"docs/reference is stale ({', '.join(stale)}): run `make docs`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
