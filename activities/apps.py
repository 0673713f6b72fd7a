from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Activities"

    def ready(self) -> None:
        from activities import booking, emails, equipment
        from cpdhub import reminders, sweeps

        reminders.register(
            emails.REGISTER, find=emails.registers_not_taken, letter=emails.ask_for_register
        )
        reminders.register(
            booking.PLACE, find=emails.invitations_not_answered, letter=emails.about_a_place
        )
        reminders.register(
            booking.EXCUSE, find=emails.nothing_to_find, letter=emails.about_an_excuse
        )
        reminders.register(
            equipment.LOAN, find=equipment.loans_overdue, letter=equipment.ask_to_bring_back
        )
        sweeps.register("places of leavers", booking.free_places_of_leavers)
