from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Needs"

    def ready(self) -> None:
        from audits import reminders, report

        reminders.register()
        report.register()
