from functools import partial

from django.apps import AppConfig
from django.core.checks import Tags, register

from crisisdesk.kit.guards import check_guards


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        from incidents.models.guards import GUARDS  # noqa: PLC0415 - models load after the apps

        register(partial(check_guards, GUARDS), Tags.database)
