from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from pghistory import runtime

# Statements that change no row, beside those pghistory knows: it would send who is at work before
# each. A union begins with a parenthesis.
CHANGE_NOTHING = ("(", "savepoint", "release", "rollback", "commit", "set constraints")


class CpdhubConfig(AppConfig):
    name = "cpdhub"
    verbose_name = "CPD Hub"

    def ready(self) -> None:
        vars(runtime)["IGNORED_SQL_PREFIXES"] += CHANGE_NOTHING
        from cpdhub import checks, gias_job, grants, plan_reminders
        from cpdhub.staff_import import work

        connection_created.connect(checks.refuse_powerful_role, dispatch_uid="cpdhub.plain_role")
        post_migrate.connect(grants.grant, dispatch_uid="cpdhub.grants")
        work.register()
        gias_job.register()
        plan_reminders.register()
