from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Networks"

    def ready(self) -> None:
        from cpdhub import sweeps
        from evaluation import uploads
        from networks import (
            answers,
            figures_job,
            leaving,
            offer_letters,
            offering,
            placing,
            summary,
        )
        from networks.days import building, changing, lists, record, telling
        from networks.models import ResourceVersion

        figures_job.register()
        summary.SUMMARY.register()
        building.register()
        record.register()
        telling.register()
        lists.SITE.register()
        sweeps.register("places at shared days", changing.sweep)
        sweeps.register("records of shared days", record.sweep)
        sweeps.register("parts of leavers in networks", leaving.parts_of_leavers)
        offering.connect()
        offer_letters.register()
        sweeps.register("offers", offering.catch_up)
        sweeps.register("places of leavers elsewhere", placing.of_leavers)
        sweeps.register("answers about offers", answers.freeze)
        if ResourceVersion not in uploads.HOLD_FILES:
            uploads.HOLD_FILES.append(ResourceVersion)
