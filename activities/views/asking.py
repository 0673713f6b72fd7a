"""Asking first, where nothing of it is kept."""

from django.http import HttpResponse
from django.shortcuts import render

from cpdhub.http import StaffRequest


def ask_first(
    request: StaffRequest, *, question: str, text: str, deed: str, back: str
) -> HttpResponse:
    context = {"question": question, "text": text, "deed": deed, "back": back}
    return render(request, "activities/ask_first.html", context)
