"""The numbers of travelling, for everybody of the team to read and a coordinator to publish."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corridor.desk.access import Visit, needs_role
from corridor.journal import rules
from corridor.journal.actors import name_of
from corridor.people.acts import Refusal
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.forms import TravelRuleForm
from corridor.stops.convoy.queries import words


@needs_role()
def travel_rule(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is in force, every version before, and the form for the next one."""
    now = queries.travel_rule(visit.node)
    sent = request.POST if request.method == "POST" and visit.may("coordinator") else None
    form = TravelRuleForm(sent, initial=TravelRuleForm.start(now))
    if sent is not None and form.is_valid():
        try:
            acts.publish_travel_rule(visit.node, visit.actor, form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("The rule is published. Plans that are made from now on follow it.")
            messages.success(request, f"✓ {said}", "good")
            return redirect("travel_rule")
    versions = rules.versions(visit.node, queries.TRAVEL_RULE)
    context = {
        "form": form if visit.may("coordinator") else None,
        "now": words.rule_told(now),
        "versions": [
            (one, name_of(visit.node, one.by), words.rule_told(
                {**queries.STARTING_RULE, **one.content}))
            for one in versions
        ],
    }  # fmt: skip
    return render(request, "convoy/rule.html", context, status=422 if form.errors else 200)
