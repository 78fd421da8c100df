"""The pages that a role finds in the menu. Each app adds its own in `ready`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """An entry of the menu. `title` and `about` are lazy translations, `order` sorts them."""

    name: str
    title: Any
    about: Any
    roles: tuple[str, ...]
    order: int


_PAGES: dict[str, Page] = {}


def add(*pages: Page) -> None:
    """Puts pages into the menu; `name` is that of their URL."""
    _PAGES.update((page.name, page) for page in pages)


def pages_for(roles: frozenset[str]) -> list[Page]:
    """What the holders of these roles may open, in order."""
    found = [page for page in _PAGES.values() if roles & set(page.roles)]
    return sorted(found, key=lambda page: page.order)
