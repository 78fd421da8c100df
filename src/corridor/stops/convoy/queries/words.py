"""Codes of the road in words, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

#: The planner's rules (corridor-convoy-1), as a coordinator reads them.
RULES: dict[str, Any] = {
    "unknown-id": _("a family, vehicle or place that is not there any more"),
    "person-seated-twice": _("somebody is seated twice"),
    "family-left-in-part": _("a part of a family would stay behind"),
    "family-in-two-convoys": _("a family would ride in two convoys"),
    "wrong-pickup": _("a family waits at another pick-up point"),
    "not-there-yet": _("a family cannot leave at that time yet"),
    "in-the-past": _("the departure is in the past"),
    "outside-window": _("the route is not agreed, or the way ends after the window closes"),
    "vehicle-not-available": _("the vehicle is not at hand at that time"),
    "vehicle-in-two-places": _("the vehicle would be at two places"),
    "seats": _("more people than seats"),
    "luggage": _("more luggage than the vehicle takes"),
    "lying-places": _("more people lying than lying places"),
    "wheelchair-places": _("more wheelchairs than places for them"),
    "not-in-open-truck": _("somebody may not ride in an open truck"),
    "critical-needs-ambulance": _("somebody needs an ambulance"),
    "ambulance-only-medical": _("an ambulance carries people lying and their carers only"),
    "guardians": _("too few adults at hand for children alone"),
    "escort-capacity": _("more vehicles than the escorts can lead"),
    "reception-intake": _("more people than the reception takes on that day"),
    "hospital-intake": _("more people lying than the reception takes on that day"),
    "no-hospital-there": _("the reception takes nobody lying"),
}

#: Why a family that waits is not planned at all.
NOT_PLANNED: dict[str, Any] = {
    "holds_a_seat": _("holds a seat on a convoy that stays as it is"),
    "not_fit": _("somebody is not fit to travel now; a nurse looks again"),
    "no_consent": _("an adult has not been asked yet, or has not agreed to travel"),
    "full": _("no place is left in the agreed windows"),
    "needs_split": _(
        "no vehicle holds them all, but two of one convoy would: ask each adult alone"
    ),
}

#: What binds a window: one more of it would let people leave earlier.
BINDS: dict[str, Any] = {
    "seats": _("one more seat"),
    "roofed-seats": _("one more seat under a roof"),
    "luggage": _("one kilo more of luggage"),
    "wheelchair-places": _("one more place for a wheelchair"),
    "vehicles": _("one more vehicle of this kind"),
    "guardians": _("one more adult beside children alone"),
    "escorts": _("one more convoy that is escorted"),
    "vehicles-led": _("one more vehicle that the escort leads"),
    "reception-intake": _("one more person whom the reception takes that day"),
    "hospital-intake": _("one more person lying whom the reception takes that day"),
}

#: What would give a family an earlier seat, found by trying.
CHANGES: dict[str, Any] = {
    "agree-to-split": _("in two vehicles of one convoy, if each adult agreed to it alone"),
    "open-truck": _("in an open truck, if everybody of you could ride in one"),
    "less-luggage": _("with less luggage"),
}

#: What an operation lacks before anything can be planned.
MISSING: dict[str, Any] = {
    "windows": _("No agreed window with a departure ahead."),
    "routes": _("No route between a pick-up point and a reception with its times."),
    "vehicles": _("No vehicle in the fleet."),
    "intake": _("No reception says how many people it takes in a day."),
}

DUTIES: dict[str, Any] = {
    "driver": _("driver"),
    "escort": _("escort"),
    "nurse": _("nurse"),
    "guardian": _("guardian of children alone"),
    "marshal": _("convoy marshal"),
    "other": _("other"),
}

CHECKLIST: dict[str, Any] = {
    "armed": _("No armed people at the vehicles"),
    "crush": _("No crush at the gate or the vehicles"),
    "violence": _("No violence near the place or on the way"),
    "weather": _("Weather and road allow it"),
    "escort": _("The escort is here"),
    "window": _("The window stands and is long enough"),
    "vehicles": _("Vehicles, fuel and spare wheels were looked at"),
    "crew": _("The crew is whole and knows the way"),
    "informed": _("Everybody aboard knows where it goes, and may get off"),
}

HALTS: dict[str, Any] = {
    "armed": _("armed people"),
    "crush": _("crush"),
    "violence": _("violence"),
    "weather": _("weather or road"),
    "other": _("another reason"),
}

TURNED: dict[str, Any] = {
    "road": _("the road is closed"),
    "checkpoint": _("stopped at a checkpoint"),
    "attack": _("attack or shelling"),
    "breakdown": _("breakdown"),
    "order": _("ordered back"),
    "other": _("another reason"),
}

#: What a scan came to: what the marshal says aloud. The reason stays hidden from the queue.
OUTCOMES: dict[str, Any] = {
    "boarded": _("Board"),
    "repeated": _("Aboard already"),
    "other_vehicle": _("Another vehicle"),
    "no_seat": _("To the help desk"),
    "unknown": _("To the help desk"),
    "unreadable": _("Once more, please"),
    "halted": _("Wait"),
    "gone": _("To the help desk"),
    "arrived": _("Welcome"),
    "not_aboard": _("To the help desk"),
    "not_departed": _("Wait"),
}

REASONS: dict[str, Any] = {
    "boarded": _("The family holds seats and boards now."),
    "repeated": _("This family was scanned before. Nothing was recorded twice."),
    "other_vehicle": _("The family's seats are on another vehicle."),
    "no_seat": _("The card counts, but holds no seat on this convoy."),
    "unknown": _("No card with this number counts: void, or from somewhere else."),
    "unreadable": _("That is not a whole card number."),
    "halted": _("Everything is halted."),
    "gone": _("This convoy has left."),
    "arrived": _("The family was seen here now."),
    "not_aboard": _("Nobody of this card boarded this convoy. Mark the people in the list."),
    "not_departed": _("This convoy has not left yet."),
}

#: Shape, colour and sound of an outcome.
SIGNS: dict[str, tuple[str, str, str]] = {
    "boarded": ("✓", "good", "good"),
    "arrived": ("✓", "good", "good"),
    "repeated": ("↺", "", "again"),
    "other_vehicle": ("⇄", "wait", "other"),
    "unreadable": ("↺", "wait", "other"),
}

CONTRADICTIONS: dict[str, Any] = {
    "scanned_not_ticked": _("aboard by scan, not ticked on paper"),
    "seen_not_ticked": _("seen by scan, not ticked on paper"),
    "ticked_never_aboard": _("ticked as arrived, never seen aboard"),
}

SHEETS: dict[str, Any] = {
    "control": _("control sheet: cards given to families that nobody had registered"),
    "boarding": _("manifest with ticks at boarding"),
    "departure": _("heads at departure; the convoy left"),
    "arrival": _("manifest with ticks on arrival"),
    "tally": _("arrival tally: heads of one vehicle or of all"),
    "closed": _("the arrival was closed"),
}

#: Classes of fitness to travel (STD 2.7).
FITNESS: dict[str, Any] = {
    "T1": _("sits, needs no help"),
    "T2": _("sits, needs help or somebody beside"),
    "T3": _("lies, needs an attendant"),
    "T4": _("needs a medical escort or equipment"),
    "T5": _("not fit now; look again"),
}

#: What a marshal does for somebody on the way (STD 2.5, assistance needed).
HELP: dict[str, Any] = {
    "none": _("no help"),
    "beside": _("somebody sits beside them"),
    "lifted": _("lifted into the vehicle and out"),
    "led": _("led, and told what happens"),
    "escort": _("a nurse rides along"),
}

TERMS: dict[str, Any] = {
    "arrived": _("arrived"),
    "brought_back": _("brought back to where they waited"),
    "transferred": _("changed to another convoy"),
    "taken_to_care": _("taken to medical care"),
    "left": _("left at own wish"),
    "died": _("died"),
    "held": _("held at a checkpoint"),
    "on_the_way": _("still on the way"),
    "unaccounted": _("not accounted for"),
}

RELEASED: dict[str, Any] = {
    "no_show": _("did not come"),
    "refused": _("does not want to go"),
    "breakdown": _("the vehicle broke down"),
    "window": _("the window closed"),
    "replanned": _("planned anew"),
    "wish": _("at own wish"),
}


#: The numbers of travelling: what each of them does.
RULE: dict[str, tuple[Any, Any]] = {
    "luggage_kg": (_("Luggage of one person, in kg"), _("Each vehicle takes so much in all.")),
    "children_per_guardian": (
        _("Children alone beside one adult"),
        _("A child without a grown person of its family rides beside a guardian."),
    ),
    "weight_A": (_("Weight of a day for need A"), _("Critical. Never less than for B.")),
    "weight_B": (_("Weight of a day for need B"), _("Urgent. Never less than for C.")),
    "weight_C": (_("Weight of a day for need C"), _("Vulnerable. Never less than for D.")),
    "weight_D": (_("Weight of a day for need D"), _("Everybody else.")),
    "aging_percent": (
        _("How much a day waited adds, in hundredths"),
        _("With it, nobody waits for ever behind those with a little more need."),
    ),
    "unserved_delay_days": (
        _("Days counted for those whom no window holds"),
        _("So many days after the last window they are expected to leave."),
    ),
    "max_wait_days": (
        _("Longest wait promised, in days"),
        _("Beyond it a plan counts how many waited longer."),
    ),
    "consent_required": (
        _("Each adult must have been asked alone"),
        _("Without it somebody might be moved by what another said for them (STD 2.3)."),
    ),
    "manifest_luggage": (
        _("The manifest tells pieces of luggage"),
        _("A column on the page and on paper, once luggage was counted for a convoy."),
    ),
    "manifest_assistance": (
        _("The manifest tells help needed on the way"),
        _("A column with what the marshal does, never with why; no other sheet has it."),
    ),
}

#: Numbers of the rule that are a yes or a no.
YES_OR_NO = ("consent_required", "manifest_luggage", "manifest_assistance")


def rule_told(values: dict[str, Any]) -> list[tuple[str, str]]:
    """The numbers of a rule of travelling, each with what it is."""
    flat = {**values, **{f"weight_{one}": n for one, n in values["weight"].items()}}
    flat |= {name: str(_("yes") if values[name] else _("no")) for name in YES_OR_NO}
    return [(str(RULE[name][0]), str(flat.get(name, ""))) for name in RULE]


def sign_of(outcome: str) -> tuple[str, str, str]:
    """Shape, colour and sound of what a scan came to."""
    return SIGNS.get(outcome, ("■", "bad", "stop"))


def in_words(words: dict[str, Any], code: str) -> str:
    """A code in words; an unknown code as it is."""
    return str(words.get(code, code))
