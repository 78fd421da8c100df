"""What every page needs: the menu, the names of operation and site, the way of writing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from corridor.desk.access import visit_of
from corridor.desk.navigation import grouped, page_at, pages_for
from corridor.desk.site import NoSite
from corridor.journal import rules
from corridor.journal.node import Node

LANGUAGES = (("en", "English"), ("ar", "العربية"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the base page; gives away nothing about the site before signing in."""
    language = (get_language() or "en")[:2]
    found: dict[str, Any] = {
        "language": language,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "other_languages": [(code, name) for code, name in LANGUAGES if code != language],
    }
    try:
        visit = visit_of(request) if hasattr(request, "user") else None
    except NoSite:
        visit = None
    if visit is None:
        return found
    operation, site = names_of_site(visit.node)
    menu = pages_for(visit.roles)
    return found | {
        "visit": visit,
        "menu": menu,
        "groups": grouped(menu),
        "here": page_at(menu, request.path),
        "finds": next((page.address for page in menu if page.name == "people"), ""),
        "operation": operation,
        "site_name": site,
    }


def names_of_site(node: Node) -> tuple[str, str]:
    """What the operation and the site are called."""
    operation = rules.in_force(node, "operation")
    return (operation.content.get("name", "") if operation else ""), node.certificate.name
