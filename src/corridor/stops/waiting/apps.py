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
        navigation.add(
            navigation.Page(
                "waiting",
                _("Waiting list"),
                _("Who waits, by need and days."),
                ("coordinator", "registrar", "marshal"),
                30,
                import_module("corridor.stops.waiting.queries").still_open,
            )
        )
