"""Fields of forms, written by Python: a page with forty fields is drawn in milliseconds.

Django draws each widget, each option and each list of attributes as a template of its own. Here
the usual widgets are written as text with the same result (a test holds it against Django's);
whatever is not known here is drawn by Django's templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


class QuickRenderer(DjangoTemplates):
    """Writes the usual widgets; leaves the rest to Django's templates."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """The HTML of a widget or form."""
        write = _WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]))  # noqa: S308 (every value was escaped)


def attributes(attrs: Mapping[str, Any]) -> str:
    """Attributes as they stand in a tag: True is a bare name, False nothing."""
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value: Any) -> str:
    return escape(value if type(value) is str else str(value))


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    name, kind = escape(widget["name"]), escape(widget["type"])
    return f'<input type="{kind}" name="{name}"{value}{attributes(widget["attrs"])}>'


def _textarea(widget: Widget) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return (
        f'<textarea name="{escape(widget["name"])}"{attributes(widget["attrs"])}>'
        f"\n{value}</textarea>"
    )


def _option(widget: Widget) -> str:
    value, label = _text(widget["value"]), conditional_escape(widget["label"])
    return f'<option value="{value}"{attributes(widget["attrs"])}>{label}</option>'


def _select(widget: Widget) -> str:
    lines = [f'<select name="{escape(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _number in widget["optgroups"]:
        if group:
            lines.append(f'  <optgroup label="{_text(group)}">')
        lines += [f"  {_option(one)}" for one in options]
        if group:
            lines.append("  </optgroup>")
    return "\n".join([*lines, "</select>"])


def _ticked(widget: Widget) -> str:
    """A box or a button with its label around it, unless the label is drawn elsewhere."""
    if not widget.get("wrap_label"):
        return _input(widget)
    target = widget["attrs"].get("id")
    label = f' for="{escape(target)}"' if target else ""
    return f"<label{label}>{_input(widget)} {conditional_escape(widget['label'])}</label>"


_INPUTS = ("checkbox", "date", "email", "file", "hidden", "input", "number", "password", "tel",
           "text", "time", "url")  # fmt: skip

_WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{one}.html": _input for one in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/select_option.html": _option,
    "django/forms/widgets/checkbox_option.html": _ticked,
    "django/forms/widgets/radio_option.html": _ticked,
}


def labelled(field: BoundField) -> SafeString:
    """A field with its label, help and errors; a group of choices becomes a fieldset."""
    errors = " ".join(f"▲ {conditional_escape(str(one))}" for one in field.errors)
    told = f'<span class="error" id="{field.auto_id}_error">{errors}</span>' if errors else ""
    help_text = conditional_escape(field.help_text) if field.help_text else ""
    if help_text:
        help_text = f'<span class="help" id="{field.auto_id}_helptext">{help_text}</span>'
    label = conditional_escape(field.label)
    if field.use_fieldset:
        described = field.aria_describedby
        by = f' aria-describedby="{escape(described)}"' if described else ""
        ticks = "".join(
            f'<label class="tick">{tick.tag()}<span>{conditional_escape(tick.choice_label)}</span>'
            "</label>"
            for tick in field.subwidgets
        )
        drawn = (
            f'<fieldset class="field choices"{by}><legend>{label}</legend>{help_text}'
            f'<div class="ticks">{ticks}</div>{told}</fieldset>'
        )
    elif field.widget_type == "checkbox":
        drawn = (
            f'<div class="field"><label class="tick">{field}<span>{label}</span></label>'
            f"{help_text}{told}</div>"
        )
    else:
        drawn = (
            f'<div class="field"><label for="{field.id_for_label}">{label}</label>{help_text}'
            f"{field}{told}</div>"
        )
    return mark_safe(drawn)  # noqa: S308 (every value was escaped)
