"""Open Badges 3.0: a certificate as a credential any wallet or verifier reads.

The proof is the specification's JSON Web Token form: the credential is the payload, with the
registered claims beside it, signed with RS256 and the public key in the header.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from cpdhub import clock, signing_key
from evaluation.models import Certificate

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def token(certificate: Certificate) -> str:
    """The signed credential, as a .jwt file holds it."""
    credential = credential_of(certificate)
    return signing_key.sign(
        {
            **credential,
            "iss": credential["issuer"]["id"],
            "jti": credential["id"],
            "sub": credential["credentialSubject"]["id"],
            "nbf": int(_issued_at(certificate).timestamp()),
        }
    )


def credential_of(certificate: Certificate) -> dict[str, Any]:
    """The person is named by a number of ours and by name; by the work address if they have one,
    so that somebody without one gets a badge too."""
    school = certificate.school
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{certificate.uuid}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": profile(school),
        "validFrom": _issued_at(certificate).isoformat().replace("+00:00", "Z"),
        "credentialSubject": {
            "id": f"urn:uuid:{_person(certificate)}",
            "type": ["AchievementSubject"],
            "identifier": _identifiers(certificate),
            "achievement": {
                "id": f"{certificate.url}#achievement",
                "type": ["Achievement"],
                "achievementType": "Certificate"
                if certificate.is_recognition
                else "CertificateOfCompletion",
                "name": certificate.title,
                "description": certificate.text or certificate.title,
                "criteria": {"narrative": _criteria(certificate)},
            },
        },
        "evidence": [{"id": certificate.url, "type": ["Evidence"], "name": "Check it"}],
    }


def profile(school: Any) -> dict[str, Any]:
    """Who issues it. The address answers with this, and the key."""
    return {
        "id": f"{settings.BASE_URL}/verify/school/{school.urn}/",
        "type": ["Profile"],
        "name": school.name,
        "url": settings.BASE_URL,
    }


def _criteria(certificate: Certificate) -> str:
    if certificate.is_recognition:
        return "A trained verifier of the school, who was neither coach nor line manager, read it."
    return "The register of the activity says that the person was there."


def _issued_at(certificate: Certificate) -> datetime:
    """The morning of the day in London."""
    start = datetime.combine(certificate.issued_on, time(), tzinfo=clock.LONDON)
    return start.astimezone(UTC)


def _person(certificate: Certificate) -> UUID:
    """The same for all badges of one post; says nothing of it to anybody else."""
    told = f"{certificate.school_id}:{certificate.owner_id}"
    return UUID(bytes=salted_hmac("badge", told, algorithm="sha256").digest()[:16])


def _identifiers(certificate: Certificate) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "type": "IdentityObject",
            "identityType": "name",
            "hashed": False,
            "identityHash": certificate.name,
        }
    ]
    if email := certificate.owner.email.strip().lower():
        salt = certificate.uuid.hex
        digest = hashlib.sha256(f"{email}{salt}".encode()).hexdigest()
        found.append(
            {
                "type": "IdentityObject",
                "identityType": "emailAddress",
                "hashed": True,
                "salt": salt,
                "identityHash": f"sha256${digest}",
            }
        )
    return found
