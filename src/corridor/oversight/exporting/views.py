"""Pages on which lists go out: asked for, agreed to by a second person, taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import TapForm
from corridor.desk.navigation import Open
from corridor.journal import trust
from corridor.journal.actors import name_of
from corridor.journal.node import Node
from corridor.oversight.exporting import acts
from corridor.oversight.exporting.lists import NAMED, ROLES, Asked, may
from corridor.oversight.exporting.words import FORM_WORDS, WORDS
from corridor.people.acts import Refusal
from corridor.people.lists import models
from corridor.stops.convoy.queries import convoys
from corridor.stops.waiting.queries import place_name, places

EVERYBODY = tuple(dict.fromkeys(role for roles in ROLES.values() for role in roles))
MOST = 30
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class WishForm(TapForm):
    """What somebody wants to take out, what for, and who will read it."""

    what = forms.ChoiceField(label=gettext_lazy("Which list"))
    part = forms.ChoiceField(
        label=gettext_lazy("Only this convoy or pick-up point"), required=False
    )
    form = forms.ChoiceField(label=gettext_lazy("As"), choices=list(FORM_WORDS.items()))
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    site = forms.ChoiceField(label=gettext_lazy("To a site of this operation"), required=False)
    recipient = forms.CharField(
        label=gettext_lazy("Or to this key"),
        help_text=gettext_lazy("It begins with age1. Only whoever holds it can open the file."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    to_name = forms.CharField(
        label=gettext_lazy("Who reads it there"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        node = visit.node
        parts = [(one.id, one.name or "–") for one in convoys(node)[:MOST]]
        parts += [(one.id, place_name(one, visit.language)) for one in places(node, "pickup")]
        sites = [
            one.certificate.name
            for one in trust.nodes(node)
            if one.certificate.recipient and not one.revoked
        ]
        self._choose("what", [(one, WORDS[one]) for one in NAMED if may(visit.roles, one)])
        self._choose("part", [("", _("all")), *parts])
        self._choose("site", [("", "–"), *((name, name) for name in sites)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """One recipient, and only one."""
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("site")) == bool(said.get("recipient")):
            raise forms.ValidationError(_("Choose a site, or write one key."))
        return said


@needs_role(*EVERYBODY)
def exports(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Lists that were asked for, and those that went out; a new one is asked for here."""
    form = WishForm(request.POST or None, visit=visit)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wish = acts.Wish(
            Asked(said["what"], said["part"]), said["form"], said["purpose"],
            said["site"] or said["recipient"], said["to_name"],
        )  # fmt: skip
        try:
            acts.ask(visit.node, visit.actor, wish, command=said["command"])
            told = _("It is asked for. Somebody else has to agree before it goes out.")
            messages.success(request, f"✓ {told}", "good")
            return redirect("exports")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    rows = [row for row in _rows(visit) if may(visit.roles, row["what"])]
    context = {
        "form": form,
        "may_ask": any(may(visit.roles, one) for one in NAMED),
        "open": [row for row in rows if row["is_open"]],
        "done": [row for row in rows if not row["is_open"]],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "oversight/exports.html", context, status=status)


def _rows(visit: Visit) -> list[dict[str, Any]]:
    """Each wish with what became of it."""
    node = visit.node
    found = []
    for row in models.ListAskedFor.objects.using(node.alias).order_by("-hlc")[: MOST * 2]:
        decided, out = acts.decision_on(node, row.subject), acts.taken_out(node, row.subject)
        is_own = row.actor == visit.actor
        agreed = decided is not None and decided.decision == "agreed"
        fresh = decided is not None and node.clock() - decided.happened_ms <= acts.OPEN_MS
        found.append({
            "id": row.subject, "what": row.what, "word": WORDS.get(row.what, row.what),
            "by": name_of(node, row.actor), "at": row.happened_ms, "purpose": row.purpose,
            "to": row.to_name, "decision": decided.decision if decided else "",
            "second": name_of(node, decided.actor) if decided else "",
            "rows": out.rows if out else None,
            "may_decide": not is_own and decided is None,
            "may_take": is_own and agreed and out is None and fresh,
            "is_open": decided is None or (agreed and out is None and fresh),
            "is_out": out is not None,
        })  # fmt: skip
    return found


def waiting_for_a_second(node: Node) -> Open | None:
    """For the first page: lists on which a second person has to decide."""
    decided = models.ListDecided.objects.using(node.alias).values("subject")
    count = models.ListAskedFor.objects.using(node.alias).exclude(subject__in=decided).count()
    return Open(count, _("wait for a second person"), "wait") if count else None


@require_POST
@needs_role(*EVERYBODY)
def decide(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The second person decides."""
    try:
        acts.decide(
            visit.node, visit.actor, identity, request.POST.get("decision", ""),
            command=request.POST.get("command", "")[:64],
        )  # fmt: skip
        messages.success(request, f"✓ {_('Your decision is recorded.')}", "good")
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("exports")


@require_POST
@needs_role(*EVERYBODY)
def take(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The sealed file."""
    try:
        row = acts.wish_of(visit.node, identity)
        taken = acts.take_out(visit.node, visit.actor, identity, visit.language)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("exports")
    answer = HttpResponse(taken.raw, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{row.what}.{row.form}.age"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs_role(*ROLES["counts"])
def counts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Counts that tell of nobody: no recipient is needed."""
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    try:
        taken = acts.take_counts(visit.node, visit.actor, form)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("exports")
    answer = HttpResponse(taken.raw, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="counts.{form}"'
    return answer
