"""The page that asks before something is done, and why it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.forms import ReasonForm, attempted, posted


@dataclass(frozen=True, slots=True)
class Question:
    """What the page says: what is done, what follows, the word on the button, and once done."""

    title: str
    consequence: str
    verb: str
    done: str


def confirm(
    request: HttpRequest,
    question: Question,
    act: Callable[[str], object],
    *,
    back_url: str,
    then_url: Callable[[], str] | None = None,
    is_reason_needed: bool = True,
) -> HttpResponse:
    """Ask, and do it with the reason that was given; a refusal stands in the form.

    ``back_url``: where it was asked from, and goes on unless ``then_url`` says otherwise.
    """
    form = ReasonForm(posted(request))
    form.fields["reason"].required = is_reason_needed
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: act(reason)):
            messages.success(request, question.done)
            return redirect(then_url() if then_url else back_url)
    context = {
        "title": question.title,
        "consequence": question.consequence,
        "verb": question.verb,
        "form": form,
        "cancel_url": back_url,
    }
    return render(request, "confirm.html", context)
