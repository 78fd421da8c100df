from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from corridor.desk import navigation


class ConvoyConfig(AppConfig):
    name = "corridor.stops.convoy"
    label = "convoy"

    def ready(self) -> None:
        for part in ("entries", "derive"):
            import_module(f"corridor.stops.convoy.{part}")
        queries = import_module("corridor.stops.convoy.queries")
        queries.tell_names()
        import_module("corridor.stops.waiting.queries").add_fitness(queries.fitness_among)
        proposals = import_module("corridor.stops.convoy.acts.proposals")
        import_module("corridor.journal.fold").add_forgetting(proposals.forget)
        navigation.add(
            navigation.Page(
                "convoys",
                _("Convoys"),
                _("Seats, manifest, boarding and arrival."),
                ("coordinator", "marshal"),
                40,
                import_module("corridor.stops.convoy.queries").still_open,
            ),
            navigation.Page(
                "fitness",
                _("Fitness to travel"),
                _("A quick look before the journey."),
                ("nurse",),
                45,
            ),
        )
