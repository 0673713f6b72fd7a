"""What the tests of reflections do on the pages."""

from cpdhub.walls import school_scope
from evaluation.models import Reflection


def send(client, path, **typed):
    """Send the form with exactly this, and the ticket of the page as it is now."""
    ticket = client.get(path).context["form"].initial["ticket"]
    return client.post(path, {"ticket": ticket} | typed)


def save(client, path, **typed):
    """Open the page, type this over what it shows, press Save."""
    form = client.get(path).context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    shown = {name: "" if value is None else value for name, value in shown.items()}
    return client.post(path, shown | typed)


def the_only_reflection(school):
    with school_scope(school):
        return Reflection.objects.select_related("owner", "activity").get()


def readers_of(reflection):
    with school_scope(reflection.school_id):
        return [row.staff for row in reflection.readers.select_related("staff")]
