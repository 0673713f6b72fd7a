"""The installation's signature: what leaves CPD Hub can be told from what somebody made up.

One RSA key signs portable records and badges, as compact JWS with RS256, the one algorithm that
every reader of Open Badges 3.0 must know. The public key travels in the header; whether it is
ours is asked separately.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

BITS = 2048
LONGEST = 8192  # bits: checking against a larger key would keep the server busy


class NotSigned(Exception):
    """It is no signed text, or what was signed has been changed."""


@dataclass(frozen=True)
class Signed:
    """What was signed, by which key, and whether that key is this installation's."""

    payload: dict[str, Any]
    fingerprint: str
    is_ours: bool


def sign(payload: dict[str, Any]) -> str:
    """`header.payload.signature`"""
    header = {"alg": "RS256", "typ": "JWT", "jwk": public_jwk()}
    told = f"{_encode(_json(header))}.{_encode(_json(payload))}"
    signature = _key().sign(told.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{told}.{_encode(signature)}"


def read(text: str) -> Signed:
    """What somebody signed; raises `NotSigned` unless the signature fits the key beside it."""
    try:
        header, payload, signature = text.strip().split(".")
        said = json.loads(_decode(header))
        if said["alg"] != "RS256":
            raise NotSigned
        jwk = {name: str(said["jwk"][name]) for name in ("e", "kty", "n")}
        _public_key(jwk).verify(
            _decode(signature), f"{header}.{payload}".encode(),
            padding.PKCS1v15(), hashes.SHA256(),
        )  # fmt: skip
        content = json.loads(_decode(payload))
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature) as problem:
        raise NotSigned from problem
    if not isinstance(content, dict):
        raise NotSigned
    mark = fingerprint(jwk)
    return Signed(content, mark, is_ours=mark == fingerprint(public_jwk()))


@cache
def public_jwk() -> dict[str, str]:
    """The public half, as a JSON Web Key; it may be shown to anybody."""
    numbers = _key().public_key().public_numbers()
    return {"e": _encode_number(numbers.e), "kty": "RSA", "n": _encode_number(numbers.n)}


def fingerprint(jwk: dict[str, str]) -> str:
    """RFC 7638: the same for a key however it is written."""
    told = json.dumps({name: jwk[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    return _encode(hashlib.sha256(told.encode()).digest())


def new_key() -> str:
    """A key as CPDHUB_SIGNING_KEY takes it: one line of base64."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return base64.b64encode(der).decode()


def is_usable(text: str) -> bool:
    try:
        _load(text)
    except ImproperlyConfigured:
        return False
    return True


@cache
def _key() -> rsa.RSAPrivateKey:
    return _load(settings.SIGNING_KEY or _of_the_trial())


def _load(text: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_der_private_key(
            base64.b64decode(text.strip(), validate=True), None
        )
    except (ValueError, TypeError) as problem:
        raise ImproperlyConfigured("CPDHUB_SIGNING_KEY is no key.") from problem
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < BITS:
        raise ImproperlyConfigured(f"CPDHUB_SIGNING_KEY must be RSA with {BITS} bits or more.")
    return key


def _of_the_trial() -> str:
    """Made once and kept with the trial's data; production must bring its own (a check)."""
    if settings.PRODUCTION:
        raise ImproperlyConfigured("Set the environment variable CPDHUB_SIGNING_KEY.")
    path = settings.DATA_DIR / "signing_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        mine = path.with_name(f"signing_key.{os.getpid()}")
        mine.write_text(new_key())
        mine.chmod(0o600)
        try:
            os.link(mine, path)  # of two processes that begin at once, one is the first
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()


def _public_key(jwk: dict[str, str]) -> rsa.RSAPublicKey:
    e, n = (int.from_bytes(_decode(jwk[name])) for name in ("e", "n"))
    if jwk["kty"] != "RSA" or not BITS <= n.bit_length() <= LONGEST or e.bit_length() > 32:
        raise NotSigned
    return rsa.RSAPublicNumbers(e, n).public_key()


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _encode_number(number: int) -> str:
    return _encode(number.to_bytes((number.bit_length() + 7) // 8))


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
