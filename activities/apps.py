from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Activities"

    def ready(self) -> None:
        from activities import booking, emails, equipment, keeping, reports, requests
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
            requests.REQUEST, find=emails.put_off_until_today, letter=emails.about_a_request
        )
        sweeps.register("requests of leavers", requests.withdraw_of_leavers)
        reminders.register(
            equipment.LOAN, find=equipment.loans_overdue, letter=equipment.ask_to_bring_back
        )
        sweeps.register("places of leavers", booking.free_places_of_leavers)
        reminders.register(
            keeping.NOTES,
            find=keeping.notes_that_end,
            letter=keeping.tell_of_the_end,
            is_for_all=True,
        )
        sweeps.register("private notes", keeping.look_after_notes)
        for report in (reports.BUDGETS, reports.ENTITLEMENTS, reports.CALENDAR):
            report.register()
