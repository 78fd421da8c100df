"""The pages that a role finds in the menu. Each app adds its own in `ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from corridor.journal.node import Node

#: Parts of the menu in the order of the journey: the lowest `order` of each, and its title.
GROUPS = (
    (0, _("Now")),
    (15, _("People")),
    (30, _("Journey")),
    (50, _("Reception and care")),
    (80, _("This site")),
)


@dataclass(frozen=True)
class Open:
    """What is open on a page: how many, of what (in the reader's language), and how pressing."""

    count: int
    say: str
    tone: str = ""

    @property
    def shape(self) -> str:
        """The shape beside the word and the colour."""
        return {"good": "✓", "wait": "◷", "bad": "▲"}.get(self.tone, "○")


@dataclass(frozen=True)
class Page:
    """An entry of the menu. `title` and `about` are lazy translations, `order` sorts and groups.

    `opens` tells the first page what is open there; it is asked at each opening, so it counts.
    """

    name: str
    title: Any
    about: Any
    roles: tuple[str, ...]
    order: int
    opens: Callable[[Node], Open | None] | None = None

    @property
    def address(self) -> str:
        """Where it lies."""
        return _address(self.name)

    @property
    def group(self) -> int:
        """The part of the menu to which it belongs."""
        return max(least for least, _title in GROUPS if least <= self.order)


@dataclass(frozen=True)
class Task:
    """Something that waits for a visitor: `asks` (node, actor) tells how many, or None.

    `name` is the URL of the page where it is done; without roles it is for anybody.
    """

    name: str
    title: Any
    roles: tuple[str, ...]
    order: int
    asks: Callable[[Node, str], Open | None]

    @property
    def address(self) -> str:
        """Where it is done."""
        return _address(self.name)


@dataclass(frozen=True)
class Step:
    """What a role does on an ordinary day, told on its first page; `name` the URL of the page."""

    role: str
    order: int
    name: str
    say: Any

    @property
    def address(self) -> str:
        """Where it is done."""
        return _address(self.name)


_PAGES: dict[str, Page] = {}
_TASKS: dict[str, Task] = {}
_STEPS: dict[tuple[str, str], Step] = {}


@cache
def _address(name: str) -> str:
    return reverse(name)


def add(*pages: Page) -> None:
    """Puts pages into the menu; `name` is that of their URL."""
    _PAGES.update((page.name, page) for page in pages)


def add_tasks(*tasks: Task) -> None:
    """What may wait for a visitor; one for each page."""
    _TASKS.update((task.name, task) for task in tasks)


def add_steps(*steps: Step) -> None:
    """What roles do on an ordinary day."""
    _STEPS.update(((step.role, step.name), step) for step in steps)


def tasks_for(roles: frozenset[str], node: Node, actor: str) -> list[tuple[Task, Open]]:
    """What waits for somebody with these roles now, in order."""
    found = [one for one in _TASKS.values() if not one.roles or roles & set(one.roles)]
    asked = [(one, one.asks(node, actor)) for one in sorted(found, key=lambda one: one.order)]
    return [(task, open_) for task, open_ in asked if open_ is not None]


def steps_for(roles: frozenset[str]) -> list[tuple[str, list[Step]]]:
    """What each of these roles does on an ordinary day, in its order."""
    ordered = sorted(_STEPS.values(), key=lambda one: (one.role, one.order))
    found = groupby((one for one in ordered if one.role in roles), lambda one: one.role)
    return [(role, list(steps)) for role, steps in found]


def pages_for(roles: frozenset[str]) -> list[Page]:
    """What the holders of these roles may open, in order."""
    found = [page for page in _PAGES.values() if roles & set(page.roles)]
    return sorted(found, key=lambda page: page.order)


def grouped(pages: list[Page]) -> list[tuple[Any, list[Page]]]:
    """The pages by part of the menu, with its title."""
    titles = dict(GROUPS)
    return [(titles[least], list(some)) for least, some in groupby(pages, lambda one: one.group)]


def page_at(pages: list[Page], path: str) -> str:
    """The address of the page to which a path belongs: the longest with which it begins."""
    fitting = [page.address for page in pages if path.startswith(page.address)]
    return max(fitting, key=len, default="")
