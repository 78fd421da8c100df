from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corridor.desk import navigation, words
from corridor.journal.node import Node
from corridor.people.words import NEEDS, VALUES

#: Who is told how many wait to be looked at (`needed.entries.CARING`; no models here yet).
CARING = ("nurse", "protection")


def open_reviews(node: Node) -> navigation.Open | None:
    """For the first page: how many wait to be looked at by a nurse or protection."""
    waiting = import_module("corridor.people.needed.queries").count_pending(node)
    return navigation.Open(waiting, gettext("wait to be looked at"), "wait") if waiting else None


class PeopleConfig(AppConfig):
    name = "corridor.people"
    label = "people"

    def ready(self) -> None:
        """Declares kinds and words, and puts the pages into the menu."""
        kinds = ("", "confided.", "needed.", "lists.")
        for part in (*(f"{one}entries" for one in kinds), "movements", "derive"):
            import_module(f"corridor.people.{part}")
        import_module("corridor.people.whereabouts").tell_places()
        words.add_values(VALUES)
        words.add_needs(NEEDS)
        navigation.add(
            navigation.Page(
                "reviews",
                _("To be looked at"),
                _("Needs that nobody at the table could assess."),
                CARING,
                60,
                open_reviews,
            ),
            navigation.Page(
                "register",
                _("Register"),
                _("A family at the table, in minutes."),
                ("registrar", "coordinator"),
                15,
            ),
            navigation.Page(
                "import",
                _("Bring in a list"),
                _("Lists that others made, with their faults shown."),
                ("registrar", "coordinator"),
                25,
            ),
            navigation.Page(
                "people",
                _("People"),
                _("Find somebody by card or by a part of a name."),
                ("registrar", "nurse", "shelter", "tracing", "protection", "coordinator"),
                20,
            ),
        )
