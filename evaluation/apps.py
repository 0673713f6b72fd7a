from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Impact"

    def ready(self) -> None:
        from evaluation import needs_report, reminders, report

        reminders.register()
        report.register()
        needs_report.register()
