from importlib import import_module

from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "corridor.stops.waiting"
    label = "waiting"

    def ready(self) -> None:
        import_module("corridor.stops.waiting.entries")
