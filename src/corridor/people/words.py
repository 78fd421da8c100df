"""Words for the codes of people's records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VALUES = {
    "double": _("the person is registered already"),
    "nobody": _("the row tells of nobody"),
    "no_consent": _("they do not want to be registered"),
    "unreadable": _("nobody can tell what the row means"),
    "elsewhere": _("the person was registered at the desk or is elsewhere"),
    "agrees": _("They agree"),
    "says_refused": _("They do not agree"),
    "says_withdrawn": _("They take it back"),
    "given": _("agreed"),
    "refused": _("did not agree"),
    "spoken": _("by word of mouth"),
    "signature": _("by signature"),
    "mark": _("by a mark or fingerprint on paper"),
    "another_language": _("another one, through an interpreter"),
    "self": _("the person"),
    "carer": _("the carer of the child"),
    "proxy": _("a relative, because the person cannot"),
    "women": _("in a vehicle for women"),
    "near_carer": _("beside somebody who cares for them"),
    "apart": _("not in the same vehicle as somebody"),
    "neighbour": _("neighbour"),
    "asked_child": _("the child was asked alone"),
    "asked_community": _("people who know them were asked"),
    "papers_seen": _("papers were seen"),
    "several_ways": _("in several of these ways"),
    "family_found": _("the family was found"),
    "other_carer": _("another adult cares for the child"),
    "not_confirmed": _("the claim was not confirmed"),
    "own_wish": _("the child does not want it"),
}
