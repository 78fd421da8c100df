from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from corridor.desk import navigation


class DeskConfig(AppConfig):
    name = "corridor.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        navigation.add(
            navigation.Page(
                "team", _("Team"), _("Who works here, in which roles."), ("administrator",), 95
            )
        )
