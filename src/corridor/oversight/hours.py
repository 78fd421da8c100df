"""After how many hours what is open is due: for everybody to read, a coordinator to publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import TapForm
from corridor.journal import rules
from corridor.journal.actors import name_of
from corridor.oversight import loops

#: Longest that anything may stay open before it is due, in hours.
MOST_HOURS = 30 * 24


class HoursForm(TapForm):
    """The hours of each sort."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for why, label in loops.WHY.items():
            self.fields[why] = forms.IntegerField(
                label=label, help_text=gettext_lazy("hours"), min_value=1, max_value=MOST_HOURS,
                widget=forms.NumberInput(attrs={"dir": "ltr"}),
            )  # fmt: skip


@needs_role()
def hours(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is in force, every version before, and the form for the next one."""
    now = loops.hours_in_force(visit.node)
    sent = request.POST if request.method == "POST" and visit.may("coordinator") else None
    form = HoursForm(sent, initial=now)
    if sent is not None and form.is_valid():
        numbers = {why: form.cleaned_data[why] for why in loops.WHY}
        rules.publish(visit.node, visit.actor, loops.RULE, numbers)
        said = _("The hours are published; what is open is due by them.")
        messages.success(request, f"✓ {said}", "good")
        return redirect("loop_hours")
    context = {
        "form": form if visit.may("coordinator") else None,
        "now": _told(now),
        "versions": [
            (one, name_of(visit.node, one.by), _told(one.content))
            for one in rules.versions(visit.node, loops.RULE)
        ],
    }
    return render(request, "oversight/hours.html", context, status=422 if form.errors else 200)


def _told(said: Mapping[str, int]) -> list[tuple[Any, int]]:
    return [(label, said.get(why, loops.STARTING_HOURS[why])) for why, label in loops.WHY.items()]
