from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from corridor.desk import navigation, words
from corridor.people.words import VALUES


class PeopleConfig(AppConfig):
    name = "corridor.people"
    label = "people"

    def ready(self) -> None:
        for part in ("entries", "movements", "confided.entries", "lists.entries", "derive"):
            import_module(f"corridor.people.{part}")
        words.add_values(VALUES)
        navigation.add(
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
