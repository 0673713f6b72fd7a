from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "cpdhub.roof"
    label = "roof"
    verbose_name = "Home"

    def ready(self) -> None:
        from cpdhub.roof import digest

        digest.register()
