from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Networks"

    def ready(self) -> None:
        from networks import figures_job, summary

        figures_job.register()
        summary.SUMMARY.register()
