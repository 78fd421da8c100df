"""Widgets written by Python are the same as those drawn by Django's templates."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string

from corridor.desk.widgets import QuickRenderer

NASTY = "\"><script>alert(1)</script>&'أم علي"


class Everything(forms.Form):
    """One field of each sort that the house uses."""

    text = forms.CharField(
        label="<b>", help_text="say & do", widget=forms.TextInput(attrs={"dir": "auto", "x": NASTY})
    )
    number = forms.IntegerField(min_value=0, max_value=9, required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField()
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    yes = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=[("", "–"), ("a", NASTY), ("g", [("b", "B"), ("c", "C")])])
    some = forms.MultipleChoiceField(
        choices=[("a", NASTY), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    radio = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    when = forms.DateField(required=False)


DATA = {
    "text": NASTY, "number": "12", "hidden": NASTY, "long": NASTY, "yes": "on", "one": "b",
    "some": ["b", "a"], "radio": "b", "when": "2026-11-24",
}  # fmt: skip


def same(one: str, other: str) -> bool:
    """Equal but for white space between tags."""
    return " ".join(one.replace(">", "> ").split()) == " ".join(other.replace(">", "> ").split())


@pytest.mark.parametrize("data", [None, {}, DATA])
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_widgets_are_those_of_django(name: str, data: dict[str, object] | None) -> None:
    ours = Everything(data, renderer=QuickRenderer())
    theirs = Everything(data, renderer=DjangoTemplates())
    assert same(str(ours[name]), str(theirs[name])), str(ours[name])
    for mine, plain in zip(ours[name].subwidgets, theirs[name].subwidgets, strict=True):
        assert same(mine.tag(), plain.tag())


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_a_field_tells_its_label_and_its_errors_to_all(name: str) -> None:
    form = Everything({"text": NASTY, "number": "12"})
    drawn = render_to_string("desk/parts/field.html", {"field": form[name]})
    assert "<script>" not in drawn
    assert drawn.count("<label") >= 1
    for error in form[name].errors:
        assert f'class="error" id="id_{name}_error">▲ {error}' in drawn.replace("&#x27;", "'")
        assert name == "hidden" or f'aria-describedby="{form[name].aria_describedby}"' in drawn
