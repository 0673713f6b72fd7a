from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CpdhubConfig(AppConfig):
    name = "cpdhub"
    verbose_name = "CPD Hub"

    def ready(self) -> None:
        from cpdhub import checks, grants  # noqa: F401  registers the checks

        post_migrate.connect(grants.grant, dispatch_uid="cpdhub.grants")
