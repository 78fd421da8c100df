from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from corridor.desk import navigation
from corridor.people.echo import on_change


class WaitingConfig(AppConfig):
    name = "corridor.stops.waiting"
    label = "waiting"

    def ready(self) -> None:
        for part in ("entries", "derive"):
            import_module(f"corridor.stops.waiting.{part}")
        import_module("corridor.stops.waiting.queries").tell_names()
        on_change(import_module("corridor.stops.waiting.acts").assess_changed)
        queries = import_module("corridor.stops.waiting.queries")
        navigation.add_tasks(
            navigation.Task(
                "overrides",
                _("Decide on another class"),
                ("coordinator", "nurse", "protection"),
                20,
                queries.overrides.waits_for,
            ),
            navigation.Task(
                "rule",
                _("Decide on another rule"),
                ("coordinator", "nurse", "protection"),
                22,
                import_module("corridor.stops.waiting.queries.rule").waits_for,
            ),
        )
        navigation.add(
            navigation.Page(
                "waiting",
                _("Waiting list"),
                _("Who waits, by need and days; calling forward; who left the list."),
                ("coordinator", "registrar", "marshal"),
                30,
                queries.still_open,
            ),
            navigation.Page(
                "overrides",
                _("Other classes"),
                _("Asked for by one person, decided by another; rates of each clerk."),
                ("coordinator", "nurse", "protection", "auditor"),
                32,
            ),
            navigation.Page(
                "rule",
                _("The rule of need"),
                _("Who goes before whom, and why: for everybody to read."),
                ("nurse", "protection", "auditor"),
                34,
            ),
        )
