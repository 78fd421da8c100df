"""Sites and trust: meeting by network or stick, enrolling, revoking, lifting from quarantine."""

from __future__ import annotations

import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.journal import alarms, enrol, membership, tips, trust
from corridor.journal.arrive import Taken
from corridor.journal.keys.words import check_digits, check_words
from corridor.journal.looks import seal
from corridor.journal.refused import TrustRefused
from corridor.journal.tables.models import Conflict
from corridor.oversight import meetings
from corridor.oversight.forms import EnrolForm
from corridor.sync import bundle
from corridor.sync.meeting import NotMet
from corridor.sync.words import faults, why_not_met

_ROLES = ("coordinator", "administrator")


def _page(
    request: HttpRequest, visit: Visit, *, wrong: str = "", status: int = 200, **more: object
) -> HttpResponse:
    node = visit.node
    hashed = bytes.fromhex(tips.tips_hash(node))
    noticed = alarms.raised(node)
    context = {
        "sites": trust.nodes(node),
        "words": check_words(hashed, visit.language),
        "digits": check_digits(hashed),
        "joining": trust.is_joining(node),
        "conflicts": Conflict.objects.using(node.alias).count(),
        "quarantined": membership.quarantined(node, 100),
        "forked": sorted(about for what, about in noticed if what == "fork"),
        "clocks": sorted(about for what, about in noticed if what == "clock"),
        "wrong": wrong,
        **more,
    }
    response = render(request, "oversight/sites.html", context, status=422 if wrong else status)
    response["Cache-Control"] = "no-store"
    return response


@needs_role(*_ROLES)
def sites(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All sites, what is held here as words, and what can be done about it."""
    return _page(request, visit)


@require_POST
@needs_role(*_ROLES)
def meet_site(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begins to meet the site at an address."""
    try:
        key = meetings.start(visit.node, visit.actor, request.POST.get("address", "").strip())
    except NotMet as failed:
        return _page(request, visit, wrong=why_not_met(failed.why))
    return redirect("meeting", key)


@needs_role(*_ROLES)
def meeting(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """One meeting: how far it is, and at its end what came, what went, and what is in conflict."""
    found = meetings.load(visit.node, key)
    if found is None:
        return redirect("sites")
    row, told = found
    context: dict[str, object] = {"row": row, "told": told}
    if row.state == "failed":
        context["why"] = meetings.why(told)
    elif row.state == "ready":
        hashed = bytes.fromhex(told.tips)
        context |= {
            "words": check_words(hashed, visit.language),
            "digits": check_digits(hashed),
            "differing": meetings.differing(visit.node),
        }
    response = render(request, "oversight/meeting.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs_role(*_ROLES)
def make_stick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A bundle for one site, to be carried there."""
    node = visit.node
    known = trust.named(node, request.POST.get("site", ""))
    if known is None or known.revoked or known.is_self or not known.certificate.recipient:
        return _page(request, visit, wrong=_("Choose a site that is trusted."))
    seal(node)
    raw = bundle.make(node, [known.certificate], for_stick=True)
    response = HttpResponse(raw, content_type="application/octet-stream")
    response["Content-Disposition"] = 'attachment; filename="corridor.bundle"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs_role(*_ROLES)
def read_stick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Takes in what a stick brought."""
    if int(request.headers.get("Content-Length") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        large = _("This file is too large for the page. Nothing was changed; run: %(command)s")
        return _page(request, visit, wrong=large % {"command": "corridor bundle read FILE"})
    file = request.FILES.get("bundle")
    if file is None:
        return _page(request, visit, wrong=_("Choose the file on the stick."))
    taken: Taken = bundle.take(visit.node, file.read())
    told = faults(taken)
    if any(what == "tamper" for what, _about in taken.alarms):
        return _page(request, visit, wrong=" ".join(told))
    return _page(request, visit, taken=taken, told=told)


@require_POST
@needs_role(*_ROLES)
def enrol_site(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Shows the six words of a request; once they were compared, gives the certificate."""
    node, language = visit.node, visit.language
    try:
        asked = enrol.read_request(request.POST.get("request", ""))
    except enrol.BadToken:
        return _page(request, visit, wrong=_("That is no whole request. Copy all of it."))
    today = datetime.datetime.fromtimestamp(node.clock() / 1000, datetime.UTC).date()
    shown: dict[str, Any] = {"asked": asked, "asked_words": asked.words(language)}
    if "same" not in request.POST:
        return _page(request, visit, form=EnrolForm(today), **shown)
    form = EnrolForm(today, request.POST)
    if not form.is_valid():
        wrong = _("Nothing was given yet. Look at what is marked below.")
        return _page(request, visit, form=form, wrong=wrong, **shown)
    chosen = form.cleaned_data
    try:
        root = membership.root_in_words(node, request.POST.get("root", ""))
        given = membership.give(
            node, visit.actor, root, asked, chosen["powers"], chosen["scopes"], chosen["until"]
        )
    except TrustRefused as refused:
        return _page(request, visit, form=form, wrong=str(refused), **shown)
    words = enrol.certificate_words(given, language)
    code = segno.make_qr(given).svg_data_uri(scale=3, light="#fff")
    return _page(
        request, visit, given=given, given_to=asked.name, given_words=words, given_code=code
    )


@require_POST
@needs_role(*_ROLES)
def revoke_site(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A lost or seized laptop: what it writes from now on does not count."""
    node = visit.node
    known = trust.named(node, request.POST.get("site", ""))
    if known is None:
        return _page(request, visit, wrong=_("Choose a site that is trusted."))
    try:
        membership.revoke(node, visit.actor, known, trust.last_entry(node, known.key) or None)
    except TrustRefused as refused:
        return _page(request, visit, wrong=str(refused))
    return _page(request, visit, revoked=known.name)


@require_POST
@needs_role("coordinator")
def adopt_entry(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Takes over one quarantined entry in the name of who is signed in."""
    try:
        membership.adopt(
            visit.node, visit.actor, request.POST.get("entry", ""), request.POST.get("reason", "")
        )
    except TrustRefused as refused:
        return _page(request, visit, wrong=str(refused))
    return _page(request, visit, adopted=True)
