"""Fitness to travel: by card, a nurse notes a class for each of a family, and what help."""

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
        try:
            _record(request, visit)
            messages.success(request, f"✓ {_('Written down.')}", "good")
        except Refusal as refusal:
            messages.error(request, f"✕ {refusal}", "bad")
        return redirect("fitness")
    typed = request.GET.get("card", "")
    household = household_of_card(visit.node, typed) if typed else None
    family = members(visit.node, household) if household else []
    known = queries.fitness_among(visit.node, [one.id for one in family])
    helped = queries.help_of(visit.node, [one.id for one in family])
    visit.looks_at("fitness", *(one.id for one in family))
    context = {
        "typed": typed,
        "rows": [(one, known.get(one.id, ""), helped.get(one.id, "")) for one in family],
        "classes": list(words.FITNESS.items()),
        "helps": list(words.HELP.items()),
        "command": fresh_command(),
    }
    return render(request, "convoy/fitness.html", context)


def _record(request: HttpRequest, visit: Visit) -> None:
    """The classes and the help that were chosen, each a fact of its own: both or neither."""
    node, actor, tap = visit.node, visit.actor, command_of(request)
    classes, helped = (
        {
            key.removeprefix(f"{what}-"): str(code)
            for key, code in request.POST.items()
            if key.startswith(f"{what}-") and code
        }
        for what in ("class", "help")
    )
    with node.transaction():
        if classes or not helped:
            acts.check_fitness(node, actor, classes, command=tap)
        if helped:
            acts.name_help(node, actor, helped, command=f"{tap}h" if tap else "")
