from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "corridor.journal.tables"
    label = "journal_tables"
