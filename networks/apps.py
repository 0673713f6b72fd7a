from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Networks"

    def ready(self) -> None:
        from evaluation import uploads
        from networks.models import ResourceVersion

        if ResourceVersion not in uploads.HOLD_FILES:
            uploads.HOLD_FILES.append(ResourceVersion)
