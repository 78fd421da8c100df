"""How values are shown: times, states, numbers of cards. Digits 0-9 in every language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from corridor.desk import widgets
from corridor.desk.navigation import grouped, page_at, pages_for
from corridor.desk.words import (
    CLASS_SHAPES,
    STATE_SHAPES,
    need_word,
    role_word,
    state_word,
    value_word,
)
from corridor.engines import cards

register = template.Library()

DAY_MS = 24 * 60 * 60 * 1000


@register.filter
def moment(ms: int | None) -> str:
    """A time as `2026-11-24 14:05` (UTC)."""
    if ms is None:
        return ""
    try:
        at = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC)
    except (OverflowError, ValueError, OSError):
        return _("a time that cannot be")
    return at.strftime("%Y-%m-%d %H:%M")


@register.filter
def card(number: str) -> str:
    """A card's number as it is printed."""
    return cards.spaced(number) if number else ""


@register.filter
def state(code: str) -> str:
    """A state of whereabouts in words."""
    return state_word(code)


@register.simple_tag
def state_badge(code: str) -> SafeString:
    """A state of whereabouts as shape, colour and word."""
    return _state_badge(code, get_language() or "")


@lru_cache(maxsize=500)
def _state_badge(code: str, _language: str) -> SafeString:
    return format_html(
        '<span class="badge {}"><span aria-hidden="true">{}</span>{}</span>',
        code, STATE_SHAPES.get(code, "○"), state_word(code),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def menu(context: Context) -> SafeString:
    """The pages that the reader may open, by part of the menu."""
    roles, path = context["visit"].roles, context["request"].path
    here = page_at(pages_for(roles), path)
    return _menu(roles, here, path == here, get_language() or "")


@lru_cache(maxsize=500)
def _menu(roles: frozenset[str], here: str, is_page: bool, _language: str) -> SafeString:
    values = {"groups": grouped(pages_for(roles)), "here": here, "is_page": is_page}
    return render_to_string("desk/parts/menu.html", values)


@register.filter
def shape(code: str) -> str:
    """The shape that stands beside the word and the colour of a state."""
    return STATE_SHAPES.get(code, "○")


@register.filter
def class_shape(code: str) -> str:
    """The shape that stands beside a class of need."""
    return CLASS_SHAPES.get(code, "○")


@register.filter
def word(code: str | None) -> str:
    """A code of a closed list in words."""
    return value_word(code or "")


@register.filter
def role(code: str) -> str:
    """A role in words."""
    return role_word(code)


@register.filter
def need(code: str) -> str:
    """A code of specific needs in words, with the code itself."""
    told = need_word(code)
    return code if told == code else f"{told} ({code})"


@register.filter
def told(problem: dict[str, Any]) -> str:
    """A problem of a list, as a report keeps it, in the reader's language."""
    sentence = problem.get("say", "")
    pattern = problem.get("sentence", "")
    if not pattern:
        return str(sentence)
    return _(pattern).format_map({"value": "", **problem.get("params", {})})


@register.simple_tag
def labelled(field: BoundField) -> SafeString:
    """A field with its label, help and errors."""
    return widgets.labelled(field)


@register.filter
def of(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key, or nothing."""
    return values.get(key, "")


@register.simple_tag
def people(count: int) -> str:
    """A number of people in words."""
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
