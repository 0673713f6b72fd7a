import os

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpdhub.settings")

application = get_wsgi_application()

try:
    connection.ensure_connection()  # a role that row-level security does not bind stops us here
    connection.close()
except OperationalError:
    pass  # the database may come later; every connection is asked again
