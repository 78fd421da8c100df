"""Verbs about people that may refuse, and otherwise append entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from corridor.engines import cards
from corridor.journal import store
from corridor.journal.append import Draft, LacksPower, already, append, subjects_of
from corridor.journal.changes import over
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.node import Node
from corridor.people import drafts, echo, entries, models, needs
from corridor.people.needed.entries import ReviewAsked, ReviewDescribed
from corridor.people.queries import card_of_household, household_of_card, standing_cards
from corridor.people.rows import records_of

SEXES = ("female", "male", "other", "unknown")
TRAVELS = ("seat", "lap", "lying", "wheelchair")

#: What somebody may write down when they ask for a review.
LONGEST_WORDS = 1000


class Refusal(Exception):
    """An act that was not done; the sentence says why, and what was kept."""


@dataclass(frozen=True)
class Newcomer:
    """A person to be registered: values as in `PersonValues`, and codes of needs.

    `review`: a need that nobody on the spot can assess waits for a nurse or protection.
    """

    values: entries.PersonRegistered
    needs: tuple[str, ...] = ()
    needs_source: str = "declared"
    review: bool = False


@dataclass(frozen=True)
class NewHousehold:
    """People to be registered together. `values.household` of each is set by the act."""

    values: entries.HouseholdRegistered
    newcomers: Sequence[Newcomer]
    card: str = ""  # from a sheet that was printed before; a fresh one if empty


@dataclass(frozen=True)
class Registered:
    """Ids of what was registered, the card, and the ids of persons in the order given."""

    household: str
    persons: tuple[str, ...]
    card: str


@dataclass
class Registering:
    """Drafts that register households, gathered so that many go into one append."""

    node: Node
    drafts: list[Draft] = field(default_factory=list)

    def add(self, new: NewHousehold) -> Registered:
        """Adds a household with its persons, needs and a card. Raises `Refusal`."""
        if not new.newcomers:
            raise Refusal(_("A household needs at least one person; nothing was registered."))
        household = self.node.new_id()
        self.drafts.append(Draft(new.values, household))
        card = self._card(new.card)
        self.drafts.append(Draft(entries.CardIssued(card=card), household))
        persons = tuple(self.add_person(household, one) for one in new.newcomers)
        return Registered(household, persons, card)

    def _card(self, typed: str) -> str:
        """The card that was handed over, if it is one that nobody has; else a fresh number."""
        if not typed.strip():
            return fresh_card(self.node)
        number = cards.as_typed(typed)
        if not cards.is_whole(number):
            raise Refusal(_("That is not a whole card number. Look at the card again."))
        drafted = {d.what.card for d in self.drafts if isinstance(d.what, entries.CardIssued)}
        if number in drafted or _is_issued(self.node, number):
            raise Refusal(_("This card was given to somebody already. Take another one."))
        return number

    def add_person(self, household: str, newcomer: Newcomer) -> str:
        """Adds a person to a household; returns the id. Raises `Refusal`."""
        values = newcomer.values
        _check(values)
        person = self.node.new_id()
        named = {name: getattr(values, name) for name in values.__struct_fields__}
        named["household"] = household
        self.drafts.append(Draft(entries.PersonRegistered(**named), person))
        for need in newcomer.needs:
            self.drafts.append(Draft(need_entry(need, newcomer.needs_source), person))
        if newcomer.review:
            self.drafts += review_drafts(person)
        return person


def register(
    node: Node, actor: str, households: Sequence[NewHousehold], *, command: str = ""
) -> list[Registered]:
    """Registers households in one transaction. Raises `Refusal`, and then registers nobody.

    The same `command` again registers nobody and returns what it registered the first time.
    """
    with node.transaction():
        if done := already(node, command):
            return _registered_by(node, done)
        registering = Registering(node)
        registered = [registering.add(one) for one in households]
        append(node, actor, registering.drafts, command=command)
    return registered


def correct(
    node: Node,
    actor: str,
    person: str,
    values: entries.PersonCorrected,
    seen: tuple[tuple[str, int], ...],
    *,
    command: str = "",
) -> None:
    """Writes values of a person's record in place of those that stood on the form.

    `seen` are the entries and fields that the form showed. What somebody else wrote meanwhile
    is not overwritten: it becomes a conflict, shown until a person ends it.
    """
    _check(values)
    with node.transaction():
        if not models.Person.objects.using(node.alias).filter(id=person).exists():
            raise Refusal(_("There is no such person here; nothing was changed."))
        append(node, actor, [Draft(values, person, over=seen)], command=command)
        echo.changed(node, actor, [person])


@dataclass(frozen=True)
class Completed:
    """What a household's form says anew: values of the household and of its persons.

    Each goes with the entries and fields that the form showed, which it replaces.
    """

    household: entries.HouseholdCorrected | None = None
    household_over: tuple[tuple[str, int], ...] = ()
    persons: Mapping[str, tuple[entries.PersonCorrected, tuple[tuple[str, int], ...]]] = field(
        default_factory=dict
    )
    newcomers: Sequence[Newcomer] = ()


def complete(node: Node, actor: str, household: str, said: Completed, *, command: str = "") -> None:
    """Completes a household: what was counted in a minute is told by and by, and asked once.

    Whoever was forgotten is registered with them. Raises `Refusal`; then nothing is changed.
    """
    with node.transaction():
        if already(node, command):
            return
        if not models.Household.objects.using(node.alias).filter(id=household).exists():
            raise Refusal(_("There is no such household here; nothing was changed."))
        registering = Registering(node)
        if said.household is not None:
            registering.drafts.append(Draft(said.household, household, over=said.household_over))
        for person, (values, seen) in said.persons.items():
            _check(values)
            registering.drafts.append(Draft(values, person, over=seen))
        for newcomer in said.newcomers:
            registering.add_person(household, newcomer)
        if registering.drafts:
            append(node, actor, registering.drafts, command=command)
            echo.changed(node, actor, said.persons)


def see(node: Node, actor: str, person: str, *, command: str = "") -> None:
    """Somebody who was registered by word of others was seen now."""
    with node.transaction():
        if already(node, command):
            return
        row = models.Person.objects.using(node.alias).filter(id=person).first()
        if row is None or not row.unseen:
            raise Refusal(_("Nobody says that this person was not seen; nothing was changed."))
        seen = over(node, models.Person, person, ("unseen",))
        append(node, actor, [Draft(entries.PersonSeen(unseen=None), person, over=seen)],
               command=command)  # fmt: skip


def join_household(
    node: Node, actor: str, person: str, card: str, relationship: str = "", *, command: str = ""
) -> str:
    """Somebody belongs to the household that holds this card from now on; returns its id."""
    with node.transaction():
        household = household_of_card(node, card)
        if household is None:
            raise Refusal(_("No card with this number counts. Look at the card again."))
        if already(node, command):
            return household
        row = models.Person.objects.using(node.alias).filter(id=person).first()
        if row is None:
            raise Refusal(_("There is no such person here; nothing was changed."))
        if row.household == household:
            raise Refusal(_("This person belongs to that household already."))
        seen = over(node, models.Person, person, ("household", "relationship"))
        moved = entries.PersonCorrected(household=household, relationship=relationship or None)
        append(node, actor, [Draft(moved, person, over=seen)], command=command)
        echo.changed(node, actor, [person])
    return household


def give_card(node: Node, actor: str, household: str, *, command: str = "") -> str:
    """One more card for a household whose members go separate ways; the others still count."""
    with node.transaction():
        if already(node, command):
            return card_of_household(node, household)
        if not models.Household.objects.using(node.alias).filter(id=household).exists():
            raise Refusal(_("There is no such household here; nothing was changed."))
        fresh = fresh_card(node)
        append(node, actor, [Draft(entries.CardIssued(card=fresh), household)], command=command)
    return fresh


def erase(node: Node, actor: str, person: str, *, command: str = "") -> None:
    """Erases what is known of somebody who asked for it, and of every record of the same person.

    Movements and counts stay. It cannot be undone.
    """
    with node.transaction():
        if already(node, command):
            return
        if not models.Person.objects.using(node.alias).filter(id=person).exists():
            raise Refusal(_("There is no such person here; nothing was changed."))
        records = sorted(records_of(node, [person])[person])
        erased = [Draft(entries.PersonErased(), one) for one in records]
        try:
            append(node, actor, erased, command=command)
        except LacksPower:
            raise Refusal(
                _("This site may not erase. Ask the headquarters; nothing was changed.")
            ) from None
        drafts.forget(node, records)


def leave_household(node: Node, actor: str, person: str, *, command: str = "") -> str:
    """Somebody leaves their household, quietly: they hold a card of their own from now on.

    Neither the head nor a marshal can see that it was asked for; nobody's consent is needed
    (STD 1.2). Returns the id of the new household.
    """
    with node.transaction():
        if done := subjects_of(node, [command] if command else []):
            return done[command]
        row = models.Person.objects.using(node.alias).filter(id=person).first()
        if row is None or not row.household:
            raise Refusal(_("This person belongs to no household; nothing was changed."))
        household = node.new_id()
        seen = over(node, models.Person, person, ("household", "relationship"))
        moved = entries.PersonCorrected(household=household, relationship="head")
        drafts = [
            Draft(entries.HouseholdRegistered(source="split"), household),
            Draft(entries.CardIssued(card=fresh_card(node)), household),
            Draft(moved, person, over=seen),
        ]
        left = models.Person.objects.using(node.alias).filter(household=row.household)
        family = [*left.values_list("id", flat=True)]
        append(node, actor, drafts, command=command)
        echo.changed(node, actor, family)
    return household


def void_card(node: Node, actor: str, household: str, card: str, reason: str) -> str:
    """Voids a card and gives another; returns the new number. A number is never given again."""
    if reason not in ("lost", "damaged", "stolen", "error"):
        raise Refusal(_("Say why: lost, damaged, stolen or error. The card still counts."))
    with node.transaction():
        if card not in standing_cards(node, household):
            raise Refusal(_("This is not the card of this household any more."))
        fresh = fresh_card(node)
        drafts = [
            Draft(entries.CardVoided(card=card, reason=reason), household),
            Draft(entries.CardIssued(card=fresh), household),
        ]
        append(node, actor, drafts)
    return fresh


def link(node: Node, actor: str, one: str, other: str, *, command: str = "") -> None:
    """Two records are one person: a person decided it, and it can be undone."""
    if one == other:
        raise Refusal(_("This is the same record; nothing was changed."))
    with node.transaction():
        for person in (one, other):
            if not models.Person.objects.using(node.alias).filter(id=person).exists():
                raise Refusal(_("There is no such person here; nothing was changed."))
        draft = Draft(entries.RecordsLinked(other=other), one, about=(other,))
        append(node, actor, [draft], command=command)


def tell_apart(node: Node, actor: str, one: str, other: str, *, command: str = "") -> None:
    """Two records that look alike are two persons; this is remembered."""
    if one == other:
        raise Refusal(_("This is the same record; nothing was changed."))
    draft = Draft(entries.RecordsToldApart(other=other), one, about=(other,))
    append(node, actor, [draft], command=command)


def unlink(node: Node, actor: str, one: str, other: str) -> None:
    """Takes back every decision that these two records are one person."""
    use = models.RecordsLinked.objects.using(node.alias)
    with node.transaction():
        found = use.filter(subject=one, other=other) | use.filter(subject=other, other=one)
        drafts = [
            Draft(EntryWithdrawn(withdrawn=row.entry, reason="wrong_person"), one) for row in found
        ]
        if not drafts:
            raise Refusal(_("These two records are not linked; nothing was changed."))
        append(node, actor, drafts)


def _check(values: entries.PersonValues) -> None:
    """Refuses what is in no closed list."""
    if isinstance(values.sex, str) and values.sex not in SEXES:
        said = _("“%(value)s” is no entry for sex; nothing was registered.")
        raise Refusal(said % {"value": values.sex})
    if isinstance(values.travels, str) and values.travels not in TRAVELS:
        said = _("“%(value)s” is no way to travel; nothing was registered.")
        raise Refusal(said % {"value": values.travels})


def review_drafts(person: str, words: str = "") -> list[Draft]:
    """The entries that flag a person as pending review; words are kept in confidence."""
    drafts = [Draft(ReviewAsked(), person)]
    if words.strip():
        drafts.append(Draft(ReviewDescribed(words=words.strip()[:LONGEST_WORDS]), person))
    return drafts


def _registered_by(node: Node, ids: list[str]) -> list[Registered]:
    order = {entry: place for place, entry in enumerate(ids)}
    found: list[Registered] = []
    for held in sorted(store.by_ids(node, ids), key=lambda one: order[one.id]):
        head = held.head
        if head is None:
            continue
        if head.kind == "household.registered":
            found.append(Registered(head.subject, (), ""))
        elif head.kind == "card.issued" and found:
            found[-1] = replace(found[-1], card=str(head.codes["card"]))
        elif head.kind == "person.registered" and found:
            found[-1] = replace(found[-1], persons=(*found[-1].persons, head.subject))
    return found


def need_entry(need: str, source: str) -> entries.NeedObserved | entries.NeedObservedInConfidence:
    """The kind of entry for a code of needs, by its handling (STD 1.5). Raises `Refusal`."""
    if need in needs.REFUSED:
        said = _("The code %(code)s labels suspicion or conduct. Corridor holds no such codes.")
        raise Refusal(said % {"code": need})
    if need in needs.ORDINARY:
        return entries.NeedObserved(need=need, source=source)
    if need in needs.IN_CONFIDENCE:
        return entries.NeedObservedInConfidence(need=need, source=source)
    raise Refusal(_("There is no need with the code %(code)s.") % {"code": need})


def fresh_card(node: Node) -> str:
    """A number that no card of this site has."""
    while True:
        number = cards.new_number(node.random)
        if not _is_issued(node, number):
            return number


def unissued_cards(node: Node, count: int) -> list[str]:
    """Different numbers that no card of this site has, to be printed before they are given."""
    found: set[str] = set()
    while len(found) < count:
        found.add(fresh_card(node))
    return sorted(found)


def _is_issued(node: Node, number: str) -> bool:
    return models.CardIssued.objects.using(node.alias).filter(card=number).exists()
