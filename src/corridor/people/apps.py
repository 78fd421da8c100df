from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "corridor.people"
    label = "people"

    def ready(self) -> None:
        for part in ("entries", "derive"):
            import_module(f"corridor.people.{part}")
