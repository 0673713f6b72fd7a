"""Outside schools: anybody checks a certificate by its code."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cpdhub import signing_key
from cpdhub.decorators import rate_limited
from cpdhub.models import School
from cpdhub.walls import school_scope
from evaluation import badges
from evaluation.models import Certificate, school_of
from evaluation.views.shared_portfolio import unseen


@login_not_required
@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """A box for the code on the paper, or for the address that stands beside it."""
    typed = request.GET.get("code", "")
    last = typed.split("?")[0].strip().rstrip("/").rsplit("/", 1)[-1]
    if code := re.sub(r"[^0-9A-Z-]", "", last.upper()):
        return redirect("verify", code[:30])
    return render(request, "evaluation/verify_ask.html", {"code": typed[:30]})


@login_not_required
@never_cache
@require_GET
@rate_limited
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Who, for what, which school, when, and whether it holds. Nothing else."""
    school_id = school_of(code.upper())
    certificate = None
    if school_id is not None:
        with school_scope(school_id):
            certificate = Certificate.objects.filter(code=code.upper()).first()
    if certificate is None:
        return unseen(render(request, "evaluation/verify_ask.html", {"code": code}, status=404))
    return unseen(render(request, "evaluation/verify.html", {"certificate": certificate}))


@login_not_required
@require_GET
@rate_limited
def issuer(request: HttpRequest, urn: str) -> HttpResponse:
    """Who issues a badge, as its `issuer` says, and the key it is signed with."""
    school = School.objects.filter(urn=urn).first()
    if school is None:
        raise Http404
    key = signing_key.public_jwk()
    return JsonResponse(
        {
            "@context": badges.CONTEXT,
            **badges.profile(school),
            "jwks": {"keys": [key | {"kid": signing_key.fingerprint(key), "alg": "RS256"}]},
        }
    )
