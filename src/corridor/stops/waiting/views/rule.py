"""The published rule of need: as it holds, how it changed, and how it is changed by two people."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.engines.urgency import CLASSES
from corridor.journal import rules
from corridor.journal.actors import name_of
from corridor.stops.waiting import acts, models, queries
from corridor.stops.waiting.forms import RuleForm
from corridor.stops.waiting.queries import rule as versions
from corridor.stops.waiting.queries.words import condition_told
from corridor.stops.waiting.views.shared import DECIDING, command_of, done


@needs_role()
def rule(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The rule in words, for everybody of the team; its versions; what is proposed.

    What a proposal would change is reckoned for everybody who waits, and so only if asked for.
    """
    node = visit.node
    asked = request.GET.get("effect", "")
    found = versions.versions(node)
    holds = found[0] if found else None
    context = {
        "holds": holds,
        "classes": told_by_class(holds.content) if holds else [],
        "versions": found,
        "pending": [
            _proposal(visit, one, holds, with_effect=one.subject == asked)
            for one in versions.pending_rules(node)
        ],
        "may_decide": visit.may(*DECIDING),
        "command": fresh_command(),
    }
    return render(request, "waiting/rule.html", context)


@needs_role()
def compare(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Two versions beside each other: what differs, and nothing else."""
    found = versions.versions(visit.node)
    by_entry = {one.entry: one for one in found}
    if not found:
        return redirect("rule")
    after = by_entry.get(request.GET.get("after", ""), found[0])
    earlier = found[min(found.index(after) + 1, len(found) - 1)]
    before = by_entry.get(request.GET.get("before", ""), earlier)
    context = {
        "versions": found,
        "before": before,
        "after": after,
        "rows": told_differences(before.content, after.content),
    }
    return render(request, "waiting/rule_compare.html", context)


@needs_role("coordinator")
def propose(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another rule is put together; its effect is shown before it is proposed."""
    node = visit.node
    holds = rules.in_force(node, queries.RULE)
    now: versions.Rule = holds.content if holds else {}
    conditions = versions.known_conditions(now)
    form = RuleForm(request.POST or None, conditions=conditions, now=versions.class_of(now))
    context: dict[str, Any] = {"form": form, "parts": _grouped(form)}
    if request.method == "POST" and form.is_valid():
        wanted = form.rule()
        if request.POST.get("then") == "propose":
            said = form.cleaned_data
            try:
                acts.propose_rule(node, visit.actor, wanted, said["words"], command=said["command"])
                return done(request, lambda: _("A second person must publish it."), "rule")
            except acts.Refusal as refusal:
                form.add_error(None, str(refusal))
        else:
            context["rows"] = told_differences(now, wanted)
            context["effect"] = _effect(acts.effect_of(node, wanted))
            context["shown"] = True
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "waiting/rule_propose.html", context, status=status)


@require_POST
@needs_role(*DECIDING)
def decide(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A second person publishes what was proposed, or refuses it."""

    def act() -> str:
        decision = request.POST.get("decision", "")
        moved = acts.decide_rule(
            visit.node, visit.actor, identity, decision, command=command_of(request)
        )
        if decision == "refused":
            return _("The proposal is refused; the rule stays as it was.")
        said = ngettext(
            "The rule is published. %(count)d person who waits is in another class now.",
            "The rule is published. %(count)d people who wait are in another class now.",
            moved,
        )
        return said % {"count": moved}

    return done(request, act, "rule")


def told_by_class(content: versions.Rule) -> list[tuple[str, list[str]]]:
    """Each class and its conditions in words."""
    return [(one, [condition_told(c) for c in content.get(one, ())]) for one in CLASSES[:-1]]


def told_differences(before: versions.Rule, after: versions.Rule) -> list[dict[str, str]]:
    """What differs between two versions, in words."""
    return [
        {"say": condition_told(one.condition), "before": one.before, "after": one.after}
        for one in versions.differences(before, after)
    ]


def _proposal(
    visit: Visit, row: models.RuleProposed, holds: rules.Rule | None, *, with_effect: bool
) -> dict[str, Any]:
    content = msgspec.json.decode(row.content)
    return {
        "row": row,
        "by": name_of(visit.node, row.actor),
        "own": row.actor == visit.actor,
        "rows": told_differences(holds.content if holds else {}, content),
        "shown": with_effect,
        "effect": _effect(acts.effect_of(visit.node, content)) if with_effect else [],
    }


def _effect(found: Any) -> list[dict[str, Any]]:
    """Who would move from which class to which, in numbers of people."""
    return [
        {"before": before, "after": after, "count": count, "up": after < before}
        for (before, after), count in sorted(found.items())
        if before != after
    ]


def _grouped(form: RuleForm) -> list[tuple[str, list[Any]]]:
    """The fields of conditions in parts: ages, ways to travel, needs."""
    parts: dict[str, list[Any]] = {}
    for number, condition in enumerate(form.conditions):
        sort = condition.partition(":")[0]
        title = {
            "under": _("Age"), "from": _("Age"), "child": _("Age"), "child_alone": _("Age"),
            "travels": _("How they travel"), "fitness": _("Fitness to travel"),
        }.get(sort, _("Needs"))  # fmt: skip
        parts.setdefault(title, []).append(form[f"c{number}"])
    return list(parts.items())
