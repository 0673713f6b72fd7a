from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Impact"

    def ready(self) -> None:
        from evaluation import (
            asking,
            bulletins,
            certificates,
            everyones_records,
            fairness_report,
            invested,
            needs_report,
            observation_keeping,
            observation_letters,
            post_letters,
            pupils_voice,
            reminders,
            report,
            stories,
        )

        reminders.register()
        asking.register()
        bulletins.register()
        certificates.register()
        everyones_records.register()
        observation_letters.register()
        observation_keeping.register()
        post_letters.register()
        pupils_voice.register()
        report.register()
        needs_report.register()
        fairness_report.FAIRNESS.register()
        stories.register()
        invested.INVESTED.register()
