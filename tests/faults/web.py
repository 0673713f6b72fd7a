"""The web server as it runs for schools, on the test's database, and people who use it."""

import http.client
import random
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

TOKEN = "c" * 32  # a csrf cookie and the field that must match it


class Web:
    """gunicorn, with the environment of the worker beside it."""

    def __init__(self, worker):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.env, self.log = worker.env, worker.folder / "web.log"

    def start(self):
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=settings.BASE_DIR, env=self.env, check=True)
        command = [
            *(sys.executable, "-m", "gunicorn", "cpdhub.wsgi", "--workers", "2", "--threads", "4"),
            *("--bind", f"127.0.0.1:{self.port}", "--no-control-socket"),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.2)

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


@dataclass
class Visitor:
    """Somebody signed in. Remembers what every page and form was answered, and after how long."""

    web: Web
    user: object
    answers: list = field(default_factory=list)

    def __post_init__(self):
        client = Client()
        client.force_login(self.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"

    def ask(self, method, path, form=None):
        body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}) if form is not None else None
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        took, there = time.monotonic() - began, answer.headers.get("Location", "")
        self.answers.append((method, path, answer.status, there, took))
        is_well = answer.status == (200 if form is None else 302)
        return is_well and "/accounts/" not in there

    def think(self, seconds):
        time.sleep(random.uniform(0.5, 1.5) * seconds)


def failed(answers):
    """Pages that were not shown, forms that were not taken, and whoever was signed out."""
    return [
        answer
        for answer in answers
        if answer[2] != (200 if answer[0] == "GET" else 302) or "/accounts/" in answer[3]
    ]
