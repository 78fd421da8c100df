"""One batch of a list: who is known already, who is new, and what is recorded of them."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.engines import cards
from corridor.journal.append import Draft
from corridor.journal.node import Node
from corridor.journal.store import chunks
from corridor.people import entries, models
from corridor.people.acts import need_entry
from corridor.people.importing.drafting import aside, household_values, person_values, word
from corridor.people.importing.remembering import (
    ASIDE,
    HOUSEHOLD,
    NOTE,
    PERSON,
    Before,
    Key,
    Remembering,
    erased_of,
    homes_of,
    settled_of,
)
from corridor.people.importing.versions import Versions
from corridor.people.intake import IntakeHousehold, IntakeNote, IntakePerson, SetAside
from corridor.people.intake.notes import Notes
from corridor.people.intake.source import Found, Tell


class Batch:
    """Gathers the drafts of one transaction."""

    def __init__(
        self,
        node: Node,
        memory: Remembering,
        identity: str,
        kind: str,
        tell: Tell,
        versions: Versions | None = None,
    ) -> None:
        self.node, self.memory, self.identity, self.kind = node, memory, identity, kind
        self._heard, self._versions = tell, versions
        self.drafts: list[Draft] = []
        self.persons: list[str] = []
        self.households = self.notes = self.known = self.changed = self.set_aside = self.late = 0
        self._asides: list[tuple[int, Key]] = []
        self._before: dict[bytes, list[Before]] = {}
        self._homes: dict[str, str] = {}
        self._erased: set[str] = set()
        self._own: dict[str, str] = {}
        self._cards: list[str] = []
        self._settled: dict[str, str] = {}
        self._named: dict[bytes, set[str]] = {}

    def gather(self, some: Sequence[Found]) -> None:
        """Looks everybody up at once, then drafts what is new."""
        keys = [key for one in some for key in self._keys(one)]
        self._before = self.memory.find(keys)
        met = {b.subject for rows in self._before.values() for b in rows if b.what == PERSON}
        met |= self._look_for_own(some)
        self._homes = homes_of(self.node, met)
        self._erased = erased_of(self.node, met)
        self._named = self.memory.asides_named(key.names for key in keys)
        asides = {b.subject for rows in self._before.values() for b in rows if b.what == ASIDE}
        self._settled = settled_of(self.node, asides.union(*self._named.values()))
        new = sum(isinstance(one, IntakeHousehold) for one in some)
        self._cards = fresh_cards(self.node, new)
        for one in some:
            if isinstance(one, SetAside):
                self._aside(one)
            elif isinstance(one, IntakeNote):
                self._note(one)
            else:
                self._household(one)

    def remember_entries(self, ids: Sequence[str]) -> None:
        """Rows set aside are remembered by their entries, known once they are appended."""
        for at, key in self._asides:
            self.memory.remember(ASIDE, key, ids[at])

    def _keys(self, one: Found) -> list[Key]:
        if isinstance(one, SetAside):
            return [self.memory.row(one)]
        if isinstance(one, IntakeNote):
            return [self._note_of(one), self._person_of(one)]
        keys = [self._key(one, member) for member in one.members]
        return [*keys, self.memory.household(one.source_id)] if one.source_id else keys

    def _key(self, household: IntakeHousehold, member: IntakePerson) -> Key:
        return self.memory.person(household.source_id, member.source_id, member.origin)

    def _note_of(self, one: IntakeNote) -> Key:
        return self.memory.note(one.source_id, one.person, one.origin)

    def _person_of(self, one: IntakeNote) -> Key:
        return self.memory.person("", one.person, one.origin)

    def _look_for_own(self, some: Sequence[Found]) -> set[str]:
        """Records that Corridor itself wrote into a list are known by their own ids."""
        if self.kind != "corridor":
            return set()
        said = {
            m.source_id for one in some if isinstance(one, IntakeHousehold) for m in one.members
        }
        use = models.Person.objects.using(self.node.alias)
        for few in chunks(said):
            held = use.filter(id__in=few).values_list("id", flat=True)
            self._own |= {identity: identity for identity in held}
        return set(self._own)

    # -- households and people ----------------------------------------------------------

    def _household(self, one: IntakeHousehold) -> None:
        keys = [self._key(one, member) for member in one.members]
        known = [self._known(key, member) for key, member in zip(keys, one.members, strict=True)]
        household = ""
        for key, member, before in zip(keys, one.members, known, strict=True):
            if before is not None:
                self._again(key, member, before)
                continue
            if self._is_left_out(key) or self._may_correct(one, key, member):
                continue
            household = household or self._home(one, known)
            person = self.node.new_id()
            self.drafts.append(Draft(person_values(member, household, self.kind), person))
            self.drafts += [Draft(need_entry(need, "declared"), person) for need in member.needs]
            self._settle(key, person)
            self.memory.remember(PERSON, key, person)
            self.persons.append(person)

    def _is_left_out(self, key: Key) -> bool:
        """Whether somebody said of this very row that it is not to come in."""
        before = self.memory.same(key, self._before.get(key.key, []), ASIDE)
        return (
            before is not None
            and before.content == key.content
            and self._settled.get(before.subject) == "left_out"
        )

    def _may_correct(self, one: IntakeHousehold, key: Key, member: IntakePerson) -> bool:
        """Sets a row aside that may correct somebody whom an earlier version brought."""
        if self._versions is None or key.numbered:
            return False
        who = self._versions.corrected_by(member)
        if who is None:
            return False
        at = Notes(member.origin.sheet, member.origin.row)
        name = who.name or who.known_as or ""
        at.error("", member.full_name, "perhaps_corrected", name=name, record=who.id)
        self._tell(at)
        problems = (*member.problems, *at.problems)
        self.late += 1
        self._aside(
            SetAside(one.ordinal, one.source_id, "person", member.origin, member.said(), problems)
        )
        return True

    def _known(self, key: Key, member: IntakePerson) -> Before | None:
        if member.source_id in self._own:
            return Before(0, PERSON, key.names, key.content, member.source_id)
        return self.memory.same(key, self._before.get(key.key, []), PERSON)

    def _home(self, one: IntakeHousehold, known: Sequence[Before | None]) -> str:
        """The household of new people: the known one they belong to, or a new one with a card."""
        for before in known:
            if before is not None and before.subject in self._homes:
                return self._homes[before.subject]
        if one.source_id:
            key = self.memory.household(one.source_id)
            before = self.memory.same(key, self._before.get(key.key, []), HOUSEHOLD)
            if before is not None:
                return before.subject
        household = self.node.new_id()
        self.drafts.append(Draft(household_values(one, self.kind), household))
        self.drafts.append(Draft(entries.CardIssued(card=self._cards.pop()), household))
        self.households += 1
        if one.source_id:
            self.memory.remember(HOUSEHOLD, self.memory.household(one.source_id), household)
        return household

    def _again(self, key: Key, member: IntakePerson, before: Before) -> None:
        """Somebody who came in before: told where the list says something else now."""
        at = Notes(member.origin.sheet, member.origin.row)
        self.known += 1
        if before.subject in self._erased:
            at.warn("", None, "erased_before")
        elif before.content != key.content:
            self.changed += 1
            at.warn("", member.full_name, "changed_since")
        self._tell(at)

    # -- notes and rows set aside -------------------------------------------------------

    def _note(self, one: IntakeNote) -> None:
        key = self._note_of(one)
        if self.memory.same(key, self._before.get(key.key, []), NOTE):
            return
        who = self._person_of(one)
        person = self.memory.same(who, self._before.get(who.key, []), PERSON)
        if person is None and self.memory.would_know(who):
            self.notes += 1
            return
        if person is None:
            at = Notes(one.origin.sheet, one.origin.row)
            at.error("", one.person, "note_unattached")
            self._tell(at)
            values = tuple(
                (name, name, value)
                for name, value in (
                    ("note.person", one.person), ("note.id", one.source_id),
                    ("note.status", one.status), ("note.contact", one.contact),
                    ("note.place", one.place), ("note.phone", one.phone),
                    ("note.text", one.text), ("note.said_on", one.said_on),
                )
                if value
            )  # fmt: skip
            problems = tuple(at.problems)
            self._aside(
                SetAside(0, one.person, "note", one.origin, values, problems, one.source_id)
            )
            return
        self.drafts.append(Draft(word(one), person.subject))
        self._settle(key, person.subject)
        self.memory.remember(NOTE, key, person.subject)
        self.notes += 1

    def _aside(self, one: SetAside) -> None:
        key = self.memory.row(one)
        before = self.memory.same(key, self._before.get(key.key, []), ASIDE)
        again = before is not None and before.content == key.content
        if again and before is not None and before.subject in self._settled:
            self.known += 1
            return
        self.set_aside += 1
        if again:
            return
        self._settle(key, "")
        self._asides.append((len(self.drafts), key))
        self.drafts.append(Draft(aside(one), self.identity))

    def _settle(self, key: Key, person: str) -> None:
        """A row set aside before has come again, corrected: it waits for nobody any more."""
        before = self.memory.same(key, self._before.get(key.key, []), ASIDE)
        aside = before.subject if before is not None else ""
        named = self._named.get(key.names, set()) - set(self._settled)
        if not aside and person and len(named) == 1:
            aside = next(iter(named))
        if aside and aside not in self._settled:
            how = "registered" if person else "came_again"
            what = entries.RowSettled(aside=aside, how=how)
            about = (person,) if person else ()
            self.drafts.append(Draft(what, self.identity, about=about))
            self._settled[aside] = how

    def _tell(self, at: Notes) -> None:
        for one in at.problems:
            self._heard(one)


def fresh_cards(node: Node, count: int) -> list[str]:
    """Different numbers that no card of this site has, asked for at once."""
    found: set[str] = set()
    use = models.CardIssued.objects.using(node.alias)
    while len(found) < count:
        made = {cards.new_number(node.random) for _ in range(count - len(found))}
        taken: set[str] = set()
        for some in chunks(made):
            taken |= set(use.filter(card__in=some).values_list("card", flat=True))
        found |= made - taken
    return sorted(found)
