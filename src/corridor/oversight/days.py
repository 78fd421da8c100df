"""What each role does on an ordinary day, told on its first page in the order in which it comes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from corridor.desk.navigation import Step

STEPS = (
    Step(
        "registrar", 1, "people", _("Look for the family by card or name: are they here already?")
    ),
    Step("registrar", 2, "register", _("Register the family; ask each adult alone about travel.")),
    Step("registrar", 3, "waiting", _("Put them on the list of their pick-up point, by card.")),
    Step("registrar", 4, "waiting_away", _("Somebody wants to wait again: nothing was lost.")),
    Step("marshal", 1, "calls", _("Call families forward by card, as many as there is room.")),
    Step("marshal", 2, "convoys", _("Boarding: scan each card, count heads, halt if need be.")),
    Step("marshal", 3, "waiting_paper", _("Enter lists that were written on paper.")),
    Step("nurse", 1, "fitness", _("Look at who travels soon: fit to sit, to lie, or not now.")),
    Step("nurse", 2, "overrides", _("Decide where somebody asks for another class.")),
    Step("nurse", 3, "people", _("Find a person to see their needs.")),
    Step("protection", 1, "accounts", _("See who is not accounted for, taken aside or held.")),
    Step("protection", 2, "overrides", _("Decide where somebody asks for another class.")),
    Step("protection", 3, "people", _("Ask each person alone; look after children and carers.")),
    Step("coordinator", 1, "accounts", _("Is anybody missing? Ask somebody to find out.")),
    Step("coordinator", 2, "overrides", _("Decide where somebody asks for another class.")),
    Step("coordinator", 3, "plan", _("Plan who leaves when; look at it, and publish it.")),
    Step("coordinator", 4, "sites", _("Meet the other sites, by network or by stick.")),
    Step("auditor", 1, "overrides", _("Look at the rates: who asks for other classes, how often.")),
    Step("auditor", 2, "audit", _("Look at who read which records, and what was corrected.")),
    Step("auditor", 3, "waits", _("Compare how long people wait at equal need.")),
    Step("tracing", 1, "people", _("Find somebody by card or by a part of a name.")),
    Step("administrator", 1, "team", _("Say who works here, and end who has left.")),
    Step("administrator", 2, "sites", _("Let new sites join; revoke a lost laptop.")),
)
