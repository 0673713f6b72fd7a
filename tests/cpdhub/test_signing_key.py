"""The installation's signature."""

import base64
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from cpdhub import signing_key


@pytest.fixture
def elsewhere(settings):
    """`elsewhere(payload)` is signed by another installation."""
    ours = settings.SIGNING_KEY

    def sign(payload):
        settings.SIGNING_KEY = signing_key.new_key()
        forget()
        signed = signing_key.sign(payload)
        settings.SIGNING_KEY = ours
        forget()
        return signed

    yield sign
    forget()


def forget():
    signing_key._key.cache_clear()
    signing_key.public_jwk.cache_clear()


def test_what_we_signed_is_ours():
    signed = signing_key.read(signing_key.sign({"a": "ü"}))

    assert (signed.payload, signed.is_ours) == ({"a": "ü"}, True)
    assert signed.fingerprint == signing_key.fingerprint(signing_key.public_jwk())


def test_what_another_installation_signed_is_whole_and_not_ours(elsewhere):
    signed = signing_key.read(elsewhere({"a": 1}))

    assert (signed.payload, signed.is_ours) == ({"a": 1}, False)


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_changed_text_is_not_signed():
    header, payload, signature = signing_key.sign({"a": 1}).split(".")
    jwk = signing_key.public_jwk()

    for forged in (
        f"{header}.{part({'a': 2})}.{signature}",
        f"{part({'alg': 'none', 'jwk': jwk})}.{payload}.",
        f"{part({'alg': 'HS256', 'jwk': jwk})}.{payload}.{signature}",
        f"{part({'alg': 'RS256'})}.{payload}.{signature}",
        f"{part({'alg': 'RS256', 'jwk': jwk | {'n': 'AQAB'}})}.{payload}.{signature}",
        f"{part({'alg': 'RS256', 'jwk': jwk | {'n': 'A' * 30_000}})}.{payload}.{signature}",
        f"{part({'alg': 'RS256', 'jwk': jwk | {'e': 'A' * 30_000}})}.{payload}.{signature}",
        f"{part(['alg'])}.{payload}.{signature}",
        f"{part(b'[' * 100_000)}.{payload}.{signature}",
        f"{header}.{payload}",
        "",
        "….….…",
    ):
        with pytest.raises(signing_key.NotSigned):
            signing_key.read(forged)


def test_a_signed_list_is_no_payload():
    with pytest.raises(signing_key.NotSigned):
        signing_key.read(signing_key.sign([1]))


def test_the_public_key_holds_nothing_private():
    assert set(signing_key.public_jwk()) == {"e", "kty", "n"}


def test_command_prints_a_key_that_works(capsys):
    call_command("make_signing_key")

    assert signing_key.is_usable(capsys.readouterr().out)


def test_production_makes_no_key_of_its_own(settings):
    settings.PRODUCTION = True

    with pytest.raises(ImproperlyConfigured, match="CPDHUB_SIGNING_KEY"):
        signing_key._of_the_trial()


def test_a_trial_keeps_its_key_for_itself(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"

    first = signing_key._of_the_trial()

    assert signing_key._of_the_trial() == first
    [file] = (tmp_path / "data").iterdir()
    assert oct(file.stat().st_mode)[-3:] == "600"
