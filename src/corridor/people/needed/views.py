"""Pages about what people need: one person's needs, and who waits to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.people import models, queries
from corridor.people.acts import Refusal
from corridor.people.confided.views import person_or_404
from corridor.people.needed import acts
from corridor.people.needed.difficulties import FROM_AGE, answers_of
from corridor.people.needed.entries import ASKING, CARING
from corridor.people.needed.forms import DifficultiesForm, NeedsForm, ReviewForm
from corridor.people.needed.queries import asked_for, described, observed, pending

PER_PAGE = 50

#: Who asks the questions about difficulties.
INTERVIEWING = ("registrar", "nurse", "protection", "coordinator")


@needs_role(*ASKING)
def needs(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What one person needs: noted, over, to be looked at, and six questions."""
    person = person_or_404(visit, identity)
    visit.looks_at("needs", identity)
    then = request.POST.get("then", "") if request.method == "POST" else ""
    shown = {
        "add": NeedsForm(_said(request, "add"), may_confide=visit.sees_confidence),
        "review": ReviewForm(_said(request, "review")),
        "difficulties": DifficultiesForm(
            _said(request, "difficulties"),
            initial={name: str(answer) for name, answer in answers_of(person).items()},
        ),
    }
    form: Form | None = shown.get(then)
    try:
        if then in ("end", "settle") or (form is not None and form.is_valid()):
            _record(request, visit, identity, then, form)
            messages.success(request, f"✓ {_('It is recorded.')}", "good")
            return redirect("needs", identity)
    except Refusal as refusal:
        if form is None:
            messages.error(request, f"✕ {refusal}", "bad")
            return redirect("needs", identity)
        form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return _page(request, visit, person, shown, status)


def _page(
    request: HttpRequest,
    visit: Visit,
    person: models.Person,
    shown: Mapping[str, Form],
    status: int,
) -> HttpResponse:
    node = visit.node
    youngest = queries.ages_on(person, queries.day_of(node.clock()))[-1]
    told = described(node, [person.id]).get(person.id, []) if visit.may(*CARING) else []
    context = {
        **shown,
        "person": person,
        "stand": observed(node, person.id, in_confidence=visit.sees_confidence)
        if visit.reads("need.observed", "need") else [],
        "asked": asked_for(node, [person.id]),
        "told": told,
        "may_settle": visit.may(*CARING),
        "may_interview": visit.may(*INTERVIEWING) and (youngest is None or youngest >= FROM_AGE),
        "may_end": visit.may("registrar", "nurse", "shelter", "protection", "coordinator"),
        "command": fresh_command(),
        "reads_page": visit.reads("person.registered", "name"),
    }  # fmt: skip
    return render(request, "people/needs.html", context, status=status)


def _said(request: HttpRequest, then: str) -> object:
    return request.POST if request.method == "POST" and request.POST.get("then") == then else None


def _record(
    request: HttpRequest, visit: Visit, identity: str, then: str, form: Form | None
) -> None:
    """Does what the form asks for. Raises `Refusal`."""
    command = request.POST.get("command", "")[:64]
    said = form.cleaned_data if form is not None else {}
    node, actor = visit.node, visit.actor
    if then == "difficulties" and not visit.may(*INTERVIEWING):
        raise Refusal(_("These questions are asked by other roles; nothing was recorded."))
    if then == "settle" and not visit.may(*CARING):
        raise Refusal(_("Nurses and protection officers settle a review; nothing was changed."))
    doing: dict[str, Callable[[], None]] = {
        "add": lambda: acts.observe(
            node, actor, identity, said["needs"], said["source"],
            may_confide=visit.sees_confidence, command=command,
        ),
        "end": lambda: acts.end_need(
            node, actor, identity, request.POST.get("need", ""),
            may_confide=visit.sees_confidence, command=command,
        ),
        "review": lambda: acts.ask_review(node, actor, identity, said["words"], command=command),
        "settle": lambda: acts.settle_review(node, actor, identity, command=command),
        "difficulties": lambda: acts.answer_difficulties(
            node, actor, identity,
            form.answers if isinstance(form, DifficultiesForm) else {}, command=command,
        ),
    }  # fmt: skip
    doing[then]()


@needs_role(*CARING)
def reviews(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who waits to be looked at, longest first."""
    rows = [row for row in pending(visit.node) if visit.reaches(row.subject, *CARING)]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    ids = [row.subject for row in page]
    visit.looks_at("reviews", *dict.fromkeys(ids))
    people = {one.id: one for one in queries.persons_of(visit.node, ids)}
    told = described(visit.node, ids)
    context = {
        "page": page,
        "rows": [(row, people.get(row.subject), told.get(row.subject, [])) for row in page],
        "where": queries.states_of(visit.node, ids),
    }
    return render(request, "people/reviews.html", context)
