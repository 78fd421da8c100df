from importlib import import_module

from django.apps import AppConfig


class ConvoyConfig(AppConfig):
    name = "corridor.stops.convoy"
    label = "convoy"

    def ready(self) -> None:
        import_module("corridor.stops.convoy.entries")
