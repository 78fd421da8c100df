"""The shell's own pages: home, locking, errors."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import MemberForm
from corridor.desk.models import User
from corridor.desk.navigation import pages_for, steps_for, tasks_for
from corridor.desk.team import add_user, end_user, members, places
from corridor.journal.looks import seal


@needs_role()
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Searching first, then what waits for the visitor, what is open, and what they may open."""
    asked = [(page, page.opens(visit.node)) for page in pages_for(visit.roles) if page.opens]
    context = {
        "roles": sorted(visit.roles),
        "open": [one for one in asked if one[1]],
        "tasks": tasks_for(visit.roles, visit.node, visit.actor),
        "steps": steps_for(visit.roles),
    }
    return render(request, "desk/home.html", context)


@needs_role("administrator")
def team(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who works here. A new user's first password is shown once."""
    known = places(visit.node, visit.language)
    form = MemberForm(request.POST or None, places=known)
    password = ""
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        if User.objects.using(visit.node.alias).filter(username=name).exists():
            form.add_error("username", _("Somebody has this user name already."))
        else:
            password = secrets.token_urlsafe(9)
            add_user(
                visit.node, visit.actor, name, password, form.cleaned_data["roles"],
                place=form.cleaned_data["place"], until_ms=form.until_ms,
            )  # fmt: skip
    context = {
        "form": form, "members": members(visit.node), "password": password, "places": dict(known),
    }  # fmt: skip
    status = 422 if form.is_bound and not password else 200
    answer = render(request, "desk/team.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs_role("administrator")
def end_member(request: HttpRequest, visit: Visit, identity: int) -> HttpResponse:
    """Somebody leaves the team; nobody can end themselves."""
    user = User.objects.using(visit.node.alias).filter(pk=identity).first()
    if user is None or user.actor_id == visit.actor:
        messages.error(request, f"✕ {_('This user cannot be ended here.')}", "bad")
    else:
        end_user(visit.node, visit.actor, user)
        messages.success(request, f"✓ {_('They may no longer sign in.')}", "good")
    return redirect("team")


@require_POST
@needs_role()
def lock(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Locks the whole site at once: looks are sealed, and the process with the keys ends."""
    seal(visit.node)
    logout(request)
    answer = render(request, "desk/locked.html")
    end = getattr(settings, "END_SERVING", None)
    if end is not None:
        answer._resource_closers.append(end)  # type: ignore[attr-defined]
    return answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    say = _("Nothing was changed. Go back and try once more.")
    return _error(request, 400, _("That could not be understood"), say)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    say = _("Nothing was changed. Ask a coordinator if you need it for your work.")
    return _error(request, 403, _("This page is for other roles"), say)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open for too long or came from elsewhere."""
    say = _("Nothing was changed. Open the page again, then send it once more.")
    return _error(request, 403, _("This form is too old"), say)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    say = _("It may have moved. Start again from the first page.")
    return _error(request, 404, _("There is no such page"), say)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    say = _("What was recorded before is safe. Try once more, then tell a coordinator.")
    return _error(request, 500, _("Something went wrong here"), say)


def _error(request: HttpRequest, status: int, title: str, say: str) -> HttpResponse:
    return render(request, "desk/error.html", {"title": title, "say": say}, status=status)
