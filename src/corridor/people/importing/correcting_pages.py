"""Pages of rows set aside: listed, corrected field by field, left out with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.people import models
from corridor.people.acts import Refusal
from corridor.people.importing.correcting import (
    REASONS,
    Outcome,
    Waiting,
    leave_out,
    settle,
    take_over,
    waiting,
    waiting_rows,
)
from corridor.people.importing.words import answers_of, field_word
from corridor.people.intake.cells import folded
from corridor.people.intake.fields import FIELDS
from corridor.people.intake.problems import Problem
from corridor.people.intake.words import DIFFICULTY, FLAG, MARITAL, RELATIONSHIP, SEX

ROLES = ("registrar", "coordinator")
PER_PAGE = 50

#: Asked of a person even where the list has no such column.
_ASKED = ("person.name", "person.sex", "person.birth", "person.age", "person.relationship")
_TABLES = {
    "sex": SEX, "relationship": RELATIONSHIP, "marital": MARITAL, "flag": FLAG, "consent": FLAG,
    "answer": DIFFICULTY,
}  # fmt: skip


@needs_role(*ROLES)
def set_aside(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Rows that could not be registered as they were, with what was wrong."""
    node = visit.node
    if request.method == "POST":
        return _left_out(request, visit, request.POST.getlist("entry"))
    identity = request.GET.get("list", "")
    page = Paginator(waiting_rows(node, identity), PER_PAGE).get_page(request.GET.get("page"))
    visit.looks_at("rows set aside", *{row.subject for row in page})
    files = models.ListImported.objects.using(node.alias)
    names = dict(files.values_list("subject", "file_name"))
    context = {
        "page": page,
        "rows": [
            (
                row, json.loads(row.problems or "[]"), json.loads(row.values or "[]"),
                names.get(row.subject) or "",
            )
            for row in page
        ],
        "keep": f"&list={identity}" if identity else "",
        "list": identity,
        "reasons": REASONS,
        "command": fresh_command(),
    }  # fmt: skip
    return render(request, "importing/aside.html", context)


def _left_out(request: HttpRequest, visit: Visit, asides: list[str]) -> HttpResponse:
    try:
        count = leave_out(
            visit.node, visit.actor, asides, request.POST.get("reason", ""),
            request.POST.get("words", ""), command=request.POST.get("command", "")[:64],
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    else:
        told = ngettext("%(count)d row is left out.", "%(count)d rows are left out.", count)
        messages.success(request, f"✓ {told % {'count': count}}", "good")
    return redirect("set_aside")


@needs_role(*ROLES)
def leave(request: HttpRequest, visit: Visit, entry: str) -> HttpResponse:
    """Leaves one row out."""
    if request.method != "POST":
        return redirect("correct_row", entry)
    return _left_out(request, visit, [entry])


@needs_role(*ROLES)
def correct_row(request: HttpRequest, visit: Visit, entry: str) -> HttpResponse:
    """One row: what the list says, what is wrong, and fields to mend it."""
    try:
        one = waiting(visit.node, entry)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("set_aside")
    visit.looks_at("row set aside", one.row.subject)
    left: list[Problem] = []
    if request.method == "POST":
        try:
            done = _corrected(request, visit, one)
        except Refusal as refusal:
            messages.error(request, f"✕ {refusal}", "bad")
            done = Outcome()
        else:
            if not done.is_open:
                messages.success(request, f"✓ {_said(one, done)}", "good")
                return (
                    redirect("person", done.persons[0]) if done.persons else redirect("set_aside")
                )
        left = done.problems
        if done.alike:
            known = models.Person.objects.using(visit.node.alias).filter(id__in=done.alike)
            one = replace(one, alike=(*one.alike, *known))
    posted = request.POST if request.method == "POST" else None
    context = {
        "one": one,
        "told": [problem.as_json() for problem in left] or one.problems,
        "fields": _fields(one, "v", posted, left),
        "home": _fields(one.home, "h", posted, left) if one.home else [],
        "reasons": REASONS,
        "command": fresh_command(),
        "is_person": one.row.role != "note",
    }
    return render(request, "importing/row.html", context, status=422 if posted else 200)


def _corrected(request: HttpRequest, visit: Visit, one: Waiting) -> Outcome:
    answers, home = _answers(request, "v"), _answers(request, "h")
    command = request.POST.get("command", "")[:64]
    who = request.POST.get("who", "")
    if one.alike and not who:
        raise Refusal(_("Say first whether it is somebody registered before, or somebody else."))
    if who and who != "other":
        return take_over(visit.node, visit.actor, one.row.entry, answers, who, command=command)
    return settle(
        visit.node, visit.actor, one.row.entry, answers, home, is_other=who == "other",
        command=command,
    )  # fmt: skip


def _said(one: Waiting, done: Outcome) -> str:
    if one.row.role == "note":
        return _("The word of this person is recorded.")
    return ngettext(
        "%(count)d person is registered.", "%(count)d people are registered.", len(done.persons)
    ) % {"count": len(done.persons)}


def _answers(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(f"{prefix}-"): str(value)
        for name, value in request.POST.items()
        if name.removeprefix(f"{prefix}-") in FIELDS
    }


def _fields(one: Waiting, prefix: str, posted: Any, left: list[Problem]) -> list[dict[str, Any]]:
    """The fields of a row as the page shows them: filled, with what is wrong at each."""
    said = {name: text for name, _label, text in one.values}
    labels = {name: label for name, label, _text in one.values}
    names = list(said)
    if one.row.role in ("person", "both"):
        names += [name for name in _ASKED if name not in said]
    told: list[dict[str, Any]] = [problem.as_json() for problem in left]
    if posted is None:
        told = [dict(problem) for problem in one.problems]
    rows = []
    for name in names:
        text = said.get(name, "") if posted is None else posted.get(f"{prefix}-{name}", "")
        answers = answers_of(name)
        code = _TABLES[FIELDS[name]].get(folded(text), text) if answers else ""
        known = code in dict(answers)
        at = [p for p in told if p.get("column") and p["column"] == labels.get(name, name)]
        rows.append({
            "name": f"{prefix}-{name}", "word": field_word(name), "label": labels.get(name, ""),
            "text": text, "answers": answers, "code": code if known else "",
            "says": said.get(name, "") if answers and not known else "",
            "problems": at, "wrong": any(p["severity"] == "error" for p in at),
        })  # fmt: skip
    return rows
