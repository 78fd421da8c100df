from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from corridor.desk import navigation


class OversightConfig(AppConfig):
    name = "corridor.oversight"
    label = "oversight"

    def ready(self) -> None:
        loops = import_module("corridor.oversight.loops")
        navigation.add_steps(*import_module("corridor.oversight.days").STEPS)
        navigation.add_tasks(
            navigation.Task("loops_mine", _("Asked of you to find out"), (), 10, loops.mine)
        )
        navigation.add(
            navigation.Page(
                "accounts",
                _("Accounts of everyone"),
                _("Where everybody is, and who is not accounted for."),
                ("coordinator", "auditor", "protection"),
                10,
                loops.still_open,
            ),
            navigation.Page(
                "waits",
                _("Waiting at equal need"),
                _("How long people wait in each class, and what may be published."),
                ("coordinator", "auditor"),
                36,
            ),
            navigation.Page(
                "audit",
                _("Who read what"),
                _("Looks at records, and what was corrected."),
                ("auditor",),
                82,
            ),
            navigation.Page(
                "exports",
                _("Take a list out"),
                _("Sealed lists for those who need them, with a second person."),
                ("coordinator", "protection", "marshal", "auditor", "administrator"),
                82,
                import_module("corridor.oversight.exporting.views").waiting_for_a_second,
            ),
            navigation.Page(
                "sites",
                _("Sites and trust"),
                _("Who belongs to the operation; meeting other sites by network or stick."),
                ("coordinator", "administrator"),
                85,
            ),
            navigation.Page(
                "matrix",
                _("Who may do what"),
                _("Each role, what it records and what it reads."),
                ("administrator", "auditor", "coordinator", "protection"),
                90,
            ),
        )
