from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Networks"

    def ready(self) -> None:
        from cpdhub import sweeps
        from networks import figures_job, summary
        from networks.days import building, changing, lists, record, telling

        figures_job.register()
        summary.SUMMARY.register()
        building.register()
        record.register()
        telling.register()
        lists.SITE.register()
        sweeps.register("places at shared days", changing.sweep)
        sweeps.register("records of shared days", record.sweep)
