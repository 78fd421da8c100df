from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "corridor.people.importing"
    label = "importing"
