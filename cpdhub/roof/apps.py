from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "cpdhub.roof"
    label = "roof"
    verbose_name = "Home"
