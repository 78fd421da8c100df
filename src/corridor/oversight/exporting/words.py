"""Words for lists that go out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "people": _("everybody registered"),
    "waiting": _("the waiting list"),
    "manifest": _("manifests of convoys"),
    "whereabouts": _("where everybody is"),
    "counts": _("counts"),
}
FORM_WORDS = {
    "xlsx": _("a workbook (.xlsx)"),
    "csv": _("text with columns (.csv)"),
    "json": _("data for a program (.json)"),
}
