from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Impact"

    def ready(self) -> None:
        from evaluation import reminders, report

        reminders.register()
        report.register()
