from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Activities"

    def ready(self) -> None:
        from activities import emails
        from cpdhub import reminders

        reminders.register(
            emails.REGISTER, find=emails.registers_not_taken, letter=emails.ask_for_register
        )
