"""Compiles translations when the package is built, so that a site needs no gettext."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TranslationsHook(BuildHookInterface[Any]):
    """Adds the compiled catalogues to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Makes each .mo beside its .po."""
        for source in Path(self.root, "src/corridor/locale").glob("*/LC_MESSAGES/django.po"):
            made = source.with_suffix(".mo")
            polib.pofile(str(source)).save_as_mofile(str(made))
            build_data["force_include"][str(made)] = str(made.relative_to(Path(self.root, "src")))
