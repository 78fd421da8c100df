"""Pages on which a list comes in: looked at, its columns mapped, its problems read, registered."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.journal.actors import name_of
from corridor.people import models
from corridor.people.acts import Refusal
from corridor.people.importing import jobs, staging
from corridor.people.importing.alike import pairs_of
from corridor.people.importing.forms import ListForm, RulesForm, SaveForm
from corridor.people.importing.looking import Looked, look, said_of, with_header
from corridor.people.importing.models import ListAtHand, ListProblem
from corridor.people.importing.neutral import neutral
from corridor.people.importing.template import template_book
from corridor.people.importing.words import answers_of, field_word, fields_offered, kind_word
from corridor.people.intake.mapping import Mapping
from corridor.people.intake.problems import SENTENCES
from corridor.people.lists.acts import drop_mapping, save_mapping
from corridor.people.lists.models import ListMapping
from corridor.people.lists.queries import mappings

ROLES = ("registrar", "coordinator")
PER_PAGE = 50
MOST_IMPORTS = 20
MOST_WORDS = 40

#: Problems with a word of a closed list, whose meaning a person may say.
WORDS = ("sex_unreadable", "relationship_unreadable", "answer_unreadable", "flag_unreadable")

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs_role(*ROLES)
def lists(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Lists at hand and lists that are in; a new one begins here."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row = staging.take_in(visit.node, visit.actor, form.cleaned_data["file"])
        return redirect("list", row.key)
    if request.method == "POST" and "file" not in request.FILES:
        form.add_error(None, _("Nothing came. A list over 64 MB comes in by `corridor import`."))
    use = models.ListImported.objects.using(visit.node.alias)
    waiting = rows_waiting(visit)
    context = {
        "form": form,
        "at_hand": staging.lists_at_hand(visit.node),
        "imports": use.order_by("-hlc")[:MOST_IMPORTS],
        "mappings": [(one, kind_word(one.source or "")) for one in mappings(visit.node)],
        "waiting": waiting,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "importing/lists.html", context, status=status)


def rows_waiting(visit: Visit) -> int:
    """How many rows set aside nobody has settled."""
    settled = models.RowSettled.objects.using(visit.node.alias).values("aside")
    return models.RowSetAside.objects.using(visit.node.alias).exclude(entry__in=settled).count()


def row_or_none(request: HttpRequest, visit: Visit, key: str) -> ListAtHand | None:
    """The list at hand, or None after it was said that it is gone."""
    try:
        return staging.at_hand(visit.node, key)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return None


def looked_at(visit: Visit, row: ListAtHand) -> Looked:
    """What the file is, as it is read now. Raises `Refusal`."""
    with staging.file_of(visit.node, row.key) as path:
        return look(visit.node, path, row.name, staging.mapping_of(row))


@needs_role(*ROLES)
def columns(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """The file: its source, its sheets, what each column is taken as; or how far work at it is."""
    row = row_or_none(request, visit, key)
    if row is None:
        return redirect("import")
    if row.state in staging.BUSY:
        return _progress(request, visit, row)
    if row.state == "done":
        return redirect("brought", row.import_id)
    try:
        found = looked_at(visit, row)
    except Refusal as refusal:
        staging.drop(visit.node, key)
        gone = {"name": row.name, "why": str(refusal)}
        return render(request, "importing/refused.html", gone, status=422)
    rules = RulesForm(request.POST or None, initial=_rules(found.said))
    save = SaveForm(request.POST if "save" in request.POST else None)
    if request.method == "POST" and rules.is_valid() and (not save.is_bound or save.is_valid()):
        return _taken(request, visit, row, found, save)
    context = {
        "row": row, "found": found, "kind": kind_word(found.kind), "rules": rules, "save": save,
        "fields": fields_offered(), "told": row.stage if row.state == "failed" else "",
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "importing/columns.html", context, status=status)


def _rules(said: Mapping) -> dict[str, str]:
    return {
        name: getattr(said, name)
        for name in ("date_order", "calendar", "first_of_january", "phone_region")
    }


def _taken(
    request: HttpRequest, visit: Visit, row: ListAtHand, found: Looked, save: SaveForm
) -> HttpResponse:
    """Keeps what the person said of the columns, and looks the list through."""
    try:
        said = said_of(found, {name: str(value) for name, value in request.POST.items()})
        same = found.as_found and said == said_of(found, _as_found(found))
        staging.change(visit.node, row.key, mapping="" if same else said.as_json().decode())
        if save.is_bound:
            read = [one for one in found.sheets if said.sheets[one.name].columns]
            save_mapping(
                visit.node, visit.actor, save.cleaned_data["name"], said,
                [one.labels for one in read if not one.more],
                command=save.cleaned_data["command"],
            )  # fmt: skip
            messages.success(request, f"✓ {_('It is saved how this list is read.')}", "good")
        jobs.start(visit.node, visit.actor, row.key, "checking", visit.language)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("list", row.key)
    return redirect("list_problems", row.key)


def _as_found(found: Looked) -> dict[str, str]:
    """The form as it would come back if nobody had touched it and nothing had been guessed."""
    fields = {
        f"f-{sheet.at}-{one.at}": one.field
        for sheet in found.sheets
        for one in sheet.columns
        if one.field and one.certain
    }
    return fields | _rules(found.said)


@require_POST
@needs_role(*ROLES)
def header(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """The header of a sheet stands in another row."""
    row = row_or_none(request, visit, key)
    if row is None:
        return redirect("import")
    at, number = request.POST.get("sheet", ""), request.POST.get("row", "")
    try:
        found = looked_at(visit, row)
        if not (at.isdecimal() and int(at) < len(found.sheets) and number.isdecimal()):
            raise Refusal(_("Write the number of the row in which the header stands."))
        with staging.file_of(visit.node, key) as path:
            said = with_header(visit.node, path, row.name, found, int(at), int(number))
        staging.change(visit.node, key, mapping=said.as_json().decode())
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("list", key)


def _progress(request: HttpRequest, visit: Visit, row: ListAtHand) -> HttpResponse:
    spent = max(0, visit.node.clock() - row.begun_ms) / 1000
    # How many rows there are, is known from the last look.
    rows = json.loads(row.report)["rows"] if row.report else 0
    left = spent / row.share - spent if row.share > 0.05 else None
    context = {
        "row": row,
        "percent": round(row.share * 100),
        "rows": rows,
        "done": round(rows * row.share),
        "left": None if left is None else max(1, round(left)),
        "may_stop": row.state == "bringing" and not row.stop,
    }
    return render(request, "importing/progress.html", context)


@needs_role(*ROLES)
def problems(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Everything that is wrong, before anything is written."""
    row = row_or_none(request, visit, key)
    if row is None:
        return redirect("import")
    if row.state in staging.BUSY:
        return _progress(request, visit, row)
    if not row.report or row.state == "failed":
        return redirect("list", key)
    use = ListProblem.objects.using(visit.node.alias).filter(list=key)
    kinds = list(use.values("problem", "severity").annotate(count=Count("id")).order_by(
        "severity", "-count", "problem"
    ))  # fmt: skip
    severity, code = request.GET.get("severity", ""), request.GET.get("problem", "")
    chosen = use.filter(severity=severity) if severity in ("error", "warning") else use
    chosen = chosen.filter(problem=code) if code in SENTENCES else chosen
    page = Paginator(chosen.order_by("id"), PER_PAGE).get_page(request.GET.get("page"))
    report = json.loads(row.report)
    context = {
        "row": row,
        "report": report,
        "kind": kind_word(report["source"]),
        "taken": [(one, field_word(name)) for one, name in report["columns"]["known"].items()],
        "kinds": [{**one, **_told(one["problem"])} for one in kinds],
        "page": page,
        "told": [(one, as_problem(one)) for one in page],
        "severity": severity,
        "problem": code,
        "keep": f"&severity={severity}&problem={code}",
        "errors": sum(one["count"] for one in kinds if one["severity"] == "error"),
        "warnings": sum(one["count"] for one in kinds if one["severity"] == "warning"),
        "has_words": any(one["problem"] in WORDS for one in kinds),
    }  # fmt: skip
    return render(request, "importing/problems.html", context)


def _told(code: str) -> dict[str, str]:
    """The sentence of a kind of problem without its values, for choosing."""
    pattern = SENTENCES[code]
    return {"say": _(pattern).format_map(_Blank())}


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def as_problem(one: ListProblem) -> dict[str, Any]:
    """A problem as the sentence is made from it."""
    return {"sentence": SENTENCES[one.problem], "params": json.loads(one.params), "say": ""}


@needs_role(*ROLES)
def problems_csv(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """All problems as a file, for whoever mends the list."""
    if row_or_none(request, visit, key) is None:
        raise Http404
    use = ListProblem.objects.using(visit.node.alias).filter(list=key).order_by("id")
    words = {"error": _("error"), "warning": _("warning")}
    head = [_("Sheet"), _("Row"), _("Column"), _("Value"), _("How bad"), _("What is wrong")]

    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="problems.csv"'
    writer = csv.writer(answer)
    writer.writerow(head)
    for one in use.iterator(1000):
        said = as_problem(one)
        pattern = said["sentence"]
        say = _(pattern).format_map({"value": "", **said["params"]})
        cells = [one.sheet, str(one.row), one.column, one.value, words[one.severity], say]
        writer.writerow([neutral(cell) for cell in cells])
    return answer


@needs_role(*ROLES)
def words(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """What the list's own words mean, where a closed list is asked for."""
    row = row_or_none(request, visit, key)
    if row is None or row.state in staging.BUSY:
        return redirect("list", key) if row else redirect("import")
    try:
        found = looked_at(visit, row)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("list", key)
    field_of = {c.label: c.field for sheet in found.sheets for c in sheet.columns if c.field}
    use = ListProblem.objects.using(visit.node.alias).filter(list=key, problem__in=WORDS)
    rows = use.values("column", "value").annotate(count=Count("id")).order_by("-count", "value")
    asked = [
        (f"w-{n}", field_of[one["column"]], one["column"], one["value"], one["count"])
        for n, one in enumerate(rows[:MOST_WORDS])
        if one["column"] in field_of
    ]
    if request.method == "POST":
        values = {name: dict(those) for name, those in found.said.values.items()}
        for name, field, _column, value, _count in asked:
            answer = request.POST.get(name, "")
            if answer in dict(answers_of(field)):
                values.setdefault(field, {})[value] = answer
        said = said_of(found, _as_found(found))
        said = Mapping(**{**_plain(said), "values": values})
        staging.change(visit.node, key, mapping=said.as_json().decode())
        return check_again(request, visit, key)
    context = {"row": row, "asked": [(*one, answers_of(one[1])) for one in asked]}
    return render(request, "importing/words.html", context)


def _plain(said: Mapping) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__dataclass_fields__}


@require_POST
@needs_role(*ROLES)
def check(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Looks the list through again."""
    return check_again(request, visit, key)


def check_again(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Begins to look through, and shows how far it is."""
    return _begin(request, visit, key, "checking", "list_problems")


@require_POST
@needs_role(*ROLES)
def bring(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Registers everybody who can be; goes on where it was stopped."""
    return _begin(request, visit, key, "bringing", "list")


def _begin(request: HttpRequest, visit: Visit, key: str, what: str, page: str) -> HttpResponse:
    try:
        jobs.start(visit.node, visit.actor, key, what, visit.language)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect(page, key)


@require_POST
@needs_role(*ROLES)
def stop(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Asks the work to end; who is registered stays registered."""
    jobs.stop(visit.node, key)
    return redirect("list", key)


@require_POST
@needs_role(*ROLES)
def drop(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Throws a list away that is not in yet."""
    row = row_or_none(request, visit, key)
    if row is not None and row.state in staging.BUSY:
        messages.error(request, f"✕ {_('Somebody works at this list. Stop that first.')}", "bad")
        return redirect("list", key)
    staging.drop(visit.node, key)
    return redirect("import")


@needs_role(*ROLES)
def brought(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What came of an import: counts, rows set aside, records that look alike."""
    node = visit.node
    done = models.ListImported.objects.using(node.alias).filter(subject=identity).first()
    if done is None:
        raise Http404
    pairs = [
        pair
        for pair in pairs_of(node, identity)
        if all(visit.reaches(one.id, *ROLES) for one in pair)
    ]
    page = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    visit.looks_at("look-alikes", *{one.id for pair in page for one in pair})
    settled = models.RowSettled.objects.using(node.alias).values("aside")
    use = models.RowSetAside.objects.using(node.alias).filter(subject=identity)
    context = {
        "done": done,
        "by": name_of(node, done.actor),
        "pairs": page,
        "page": page,
        "keep": "",
        "alike": len(pairs),
        "waiting": use.exclude(entry__in=settled).count(),
    }
    return render(request, "importing/brought.html", context)


@needs_role(*ROLES)
def mapping(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A saved mapping as the file that `corridor import --mapping` takes."""
    row = ListMapping.objects.using(visit.node.alias).filter(id=identity).first()
    if row is None or not row.content:
        raise Http404
    answer = HttpResponse(row.content, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="mapping.json"'
    return answer


@require_POST
@needs_role(*ROLES)
def forget_mapping(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A mapping is offered no more."""
    try:
        drop_mapping(visit.node, visit.actor, identity)
        messages.success(request, f"✓ {_('This mapping is used no more.')}", "good")
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("import")


@needs_role(*ROLES)
def template(request: HttpRequest, visit: Visit) -> HttpResponse:
    """An empty list in the reader's language, with choices in its cells."""
    answer = HttpResponse(template_book(visit.language), content_type=SHEET_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="corridor-list.xlsx"'
    return answer
