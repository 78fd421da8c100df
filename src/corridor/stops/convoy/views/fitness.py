"""Fitness to travel: a nurse scans a card and notes a class for each of the family."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.people.acts import Refusal
from corridor.people.queries import household_of_card, members
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import command_of


@needs_role("nurse")
def fitness(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The family of a card, and what was seen last."""
    if request.method == "POST":
        found = {
            key.removeprefix("class-"): str(code)
            for key, code in request.POST.items()
            if key.startswith("class-") and code
        }
        try:
            acts.check_fitness(visit.node, visit.actor, found, command=command_of(request))
            messages.success(request, f"✓ {_('Written down.')}", "good")
        except Refusal as refusal:
            messages.error(request, f"✕ {refusal}", "bad")
        return redirect("fitness")
    typed = request.GET.get("card", "")
    household = household_of_card(visit.node, typed) if typed else None
    family = members(visit.node, household) if household else []
    known = queries.fitness_among(visit.node, [one.id for one in family])
    visit.looks_at("fitness", *(one.id for one in family))
    context = {
        "typed": typed,
        "rows": [(one, known.get(one.id, "")) for one in family],
        "classes": list(words.FITNESS.items()),
        "command": fresh_command(),
    }
    return render(request, "convoy/fitness.html", context)
