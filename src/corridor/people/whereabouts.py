"""What happens to people off the road, and how open loops are closed: acts that may refuse.

A human being with several linked records moves with all of them, so no record is left behind that
says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from corridor.desk.access import add_places_of
from corridor.desk.team import add_places as add_workplaces
from corridor.desk.words import state_word
from corridor.journal import actors
from corridor.journal.append import Draft, already, append
from corridor.journal.node import Node
from corridor.people import models
from corridor.people import movements as kinds
from corridor.people.acts import Refusal
from corridor.people.queries import accounts, ends_of, places_of, rows_of

#: Each state that can be recorded here: its kind, and the states it can follow (None: any).
_WAITING = ("registered", "waiting", "turned_away", "chose_to_stay", "prevented_from_leaving")
MOVES: dict[str, tuple[type[kinds.AtPlace], tuple[str, ...] | None]] = {
    "turned_away": (kinds.PersonTurnedAway, _WAITING),
    "chose_to_stay": (kinds.PersonChoseToStay, _WAITING),
    "prevented_from_leaving": (kinds.PersonPrevented, _WAITING),
    "left_at_own_wish": (kinds.PersonLeft, None),
    "referred": (kinds.PersonReferred, None),
    "taken_aside": (kinds.PersonTakenAside, None),
    "dead": (kinds.PersonDied, None),
    "at_site": (kinds.PersonReceived, None),
}

#: What may be found out of somebody about whom a loop is open. `in_care` says that word of a
#: referral came and nothing else changed; `waiting` that they never left (the list moves them).
OUTCOMES = (
    "at_site", "referred", "in_care", "taken_aside", "left_at_own_wish", "chose_to_stay", "waiting",
    "dead",
)  # fmt: skip

#: (node, language) to (id, name) of places of the operation.
Places = Callable[[Node, str], list[tuple[str, str]]]

#: Which places there are; the stop that keeps places adds its question.
_PLACES: list[Places] = []

#: How far ahead the next asking may be put.
_FARTHEST_MS = 30 * 24 * 60 * 60 * 1000
_LONGEST_WORDS = 2000


def add_places(places: Places) -> None:
    """A stop tells which places people can be at."""
    _PLACES.append(places)


def tell_places() -> None:
    """Lets roles be held at one place: which places there are, and who is where."""
    add_places_of(places_of)
    add_workplaces(places)


def places(node: Node, language: str) -> list[tuple[str, str]]:
    """Id and name of all places where people can be."""
    return [one for source in _PLACES for one in source(node, language)]


def move(
    node: Node,
    actor: str,
    persons: Iterable[str],
    state: str,
    *,
    place: str = "",
    words: str = "",
    at: int | None = None,
    command: str = "",
) -> list[str]:
    """Records that people were turned away, stayed, left, were referred, taken aside, or died.

    `words` are written down in confidence. Raises `Refusal` if it cannot be for one of them; then
    nothing is recorded of anybody. Returns the persons asked for.
    """
    wanted = list(dict.fromkeys(persons))
    if state not in MOVES:
        raise Refusal(_("Choose what happened; nothing was recorded."))
    if not wanted:
        raise Refusal(_("Choose at least one person; nothing was recorded."))
    with node.transaction():
        if already(node, command):
            return wanted
        found = {record: one for one in accounts(node, wanted) for record in one.records}
        for person in wanted:
            _refuse_unless_possible(found[person].state if person in found else "", state)
        append(node, actor, _drafts(node, wanted, state, place, words, at), command=command)
    return wanted


def find_out(
    node: Node,
    actor: str,
    person: str,
    why: str,
    outcome: str,
    *,
    place: str = "",
    words: str = "",
    instead: Sequence[Draft] = (),
    command: str = "",
) -> None:
    """Closes the open loop of a person with what was found out, and moves them there.

    `why` is what was open: not_accounted_for, referred, taken_aside or two_places. `instead` are
    the movements where a stop moves the person itself.
    """
    if outcome not in OUTCOMES:
        raise Refusal(_("Say what was found out; it stays open."))
    if not words.strip():
        raise Refusal(_("Write how it was found out and who said so; it stays open."))
    with node.transaction():
        if already(node, command):
            return
        row = _open_row(node, person)
        drafts = list(instead) or _outcome_drafts(node, row, why, outcome, place)
        closed = kinds.LoopClosed(
            movement=row.entry, why=why, outcome=outcome, words=words.strip()[:_LONGEST_WORDS]
        )
        append(node, actor, [*drafts, Draft(closed, row.person)], command=command)


def _outcome_drafts(
    node: Node, row: models.Whereabouts, why: str, outcome: str, place: str
) -> list[Draft]:
    """The movements of an outcome; none where word came and nothing changed."""
    if outcome in MOVES:
        return _drafts(node, [row.person], outcome, place, "", None)
    if outcome != "in_care" or row.state != "referred" or row.ends > 1:
        raise Refusal(_("Nobody was referred here; choose another outcome. It stays open."))
    return []


def assign(node: Node, actor: str, person: str, owner: str, *, command: str = "") -> None:
    """Asks a member of the team to find out what became of somebody."""
    if not actors.roles_of(node, owner, node.clock()):
        raise Refusal(_("Choose somebody of the team; nothing was changed."))
    with node.transaction():
        row = _open_row(node, person)
        what = kinds.LoopAssigned(movement=row.entry, owner=owner)
        append(node, actor, [Draft(what, row.person)], command=command)


def follow(
    node: Node, actor: str, person: str, hours: int, words: str, *, command: str = ""
) -> None:
    """Somebody asked and nothing is certain yet: it is due again after some hours."""
    later = hours * 60 * 60 * 1000
    if not 0 < later <= _FARTHEST_MS:
        raise Refusal(_("Choose a time from one hour to 30 days ahead; nothing was changed."))
    with node.transaction():
        row = _open_row(node, person)
        what = kinds.LoopFollowed(
            movement=row.entry, due_ms=node.clock() + later, words=words.strip()[:_LONGEST_WORDS]
        )
        append(node, actor, [Draft(what, row.person)], command=command)


def records_of(node: Node, persons: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Person to all records of the same human being."""
    found: dict[str, tuple[str, ...]] = {}
    for one in accounts(node, persons):
        found.update(dict.fromkeys(one.records, one.records))
    return found


def _open_row(node: Node, person: str) -> models.Whereabouts:
    use = models.Whereabouts.objects.using(node.alias)
    row: models.Whereabouts | None = use.filter(person=person).first()
    if row is None or not row.entry:
        raise Refusal(_("Nothing is open about this person; nothing was changed."))
    return row


def _refuse_unless_possible(now: str, state: str) -> None:
    after = MOVES[state][1]
    if not now:
        raise Refusal(_("One of these people is not registered here; nothing was recorded."))
    if now == "dead" or (after is not None and now not in after):
        said = _("One of these people is %(now)s and cannot be %(state)s; nothing was recorded.")
        raise Refusal(said % {"now": state_word(now), "state": state_word(state)})


def _drafts(
    node: Node, persons: Sequence[str], state: str, place: str, words: str, at: int | None
) -> list[Draft]:
    """A movement for each person, and for each linked record that stands somewhere."""
    kind = MOVES[state][0]
    records = records_of(node, persons)
    moving = list(dict.fromkeys(r for p in persons for r in (p, *records.get(p, ()))))
    ends = ends_of(node, moving)
    asked = set(persons)
    drafts = []
    for one in moving:
        if one not in asked and one not in ends:
            continue
        over = ends.get(one, ())
        drafts.append(Draft(kind(place=place), one, over=over, at=at))
        if words.strip() and one in asked:
            told = kinds.CustodyDescribed(
                movement=over[0][0] if over else "", words=words.strip()[:_LONGEST_WORDS]
            )
            drafts.append(Draft(told, one, at=at))
    return drafts


def described(node: Node, person: str) -> list[models.CustodyDescribed]:
    """What was written down in confidence about a person's movements, oldest first."""
    use = models.CustodyDescribed.objects.using(node.alias).filter(subject=person)
    return sorted(use, key=lambda row: (row.hlc, row.entry))


def closings(node: Node, persons: Iterable[str]) -> list[models.LoopClosed]:
    """Loops that were closed about these people."""
    return rows_of(models.LoopClosed.objects.using(node.alias), "subject", persons)
