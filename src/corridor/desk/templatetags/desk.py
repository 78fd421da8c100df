"""How values are shown: times, states, numbers of cards. Digits 0-9 in every language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.desk import widgets
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
