from importlib import import_module

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "corridor.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("corridor.journal.entries")
