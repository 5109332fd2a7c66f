"""Pages of canned answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.forms import attempted, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.stale import StaleCheck
from customers.support import answers
from customers.support.filters import AnswerFilter
from customers.support.forms import AnswerForm
from customers.support.placeholders import PLACEHOLDERS
from customers.support.tables import AnswerTable

ANSWERS = ListSpec(
    name="canned-answers",
    title=gettext_lazy("Canned answers"),
    permission=Permission.ANSWER_EDIT,
    queryset=lambda _request: answers.answers(),
    filterset=AnswerFilter,
    table=AnswerTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("name"),
        CsvColumn("text_sv"),
        CsvColumn("text_en"),
    ),
    empty=EmptyText(
        gettext_lazy("No canned answer yet"),
        gettext_lazy("Write once what is answered often; it is chosen in a support case."),
        "canned_answer_create",
        gettext_lazy("New canned answer"),
        Permission.ANSWER_EDIT,
    ),
    search_hint=gettext_lazy("Name or text"),
    actions=(
        ListAction(
            gettext_lazy("New canned answer"),
            "canned_answer_create",
            permission=Permission.ANSWER_EDIT,
        ),
    ),
)
canned_answer_list = list_view(ANSWERS)


@permission_required(Permission.ANSWER_EDIT)
@require_http_methods(["GET", "POST"])
def canned_answer_create(request: HttpRequest) -> HttpResponse:
    """A new canned answer."""
    return _page(request)


@permission_required(Permission.ANSWER_EDIT)
@require_http_methods(["GET", "POST"])
def canned_answer_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a canned answer."""
    return _page(request, public_id)


@permission_required(Permission.ANSWER_EDIT)
@require_http_methods(["GET", "POST"])
def canned_answer_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a canned answer."""
    row = get_object_or_404(answers.answers(), public_id=public_id)
    question = Question(
        title=_("Delete the canned answer %(name)s") % {"name": row},
        consequence=_("It can no longer be chosen. What was written with it stays."),
        verb=_("Delete"),
        done=_("The canned answer is deleted."),
    )
    return confirm(
        request,
        question,
        lambda reason: answers.delete_answer(answer=row, reason=reason),
        back_url=reverse("canned_answer_list"),
        is_reason_needed=False,
    )


def _page(request: HttpRequest, public_id: str = "") -> HttpResponse:
    rows = answers.answers()
    row = get_object_or_404(rows, public_id=public_id) if public_id else None
    again = get_object_or_404(rows, public_id=public_id) if public_id else None
    form = AnswerForm(posted(request), instance=again)
    check = StaleCheck(request, form, [row] if row else [])
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data if row is None else check.changes()
        if found is not None:
            values = {"operator": operator_of(request), "answer": row, **found}
            if attempted(form, lambda: answers.save_answer(**values)):
                messages.success(request, _("Saved."))
                return redirect("canned_answer_list")
    context = {"form": form, "row": row, "placeholders": _placeholders()} | check.context()
    return render(request, "customers/support/answer_form.html", context)


def _placeholders() -> list[tuple[str, str]]:
    words = (
        _("the driver's or caller's name"),
        _("the station's name"),
        _("the site's name"),
        _("the EVSE, by the number that it carries"),
        _("the case's id"),
        _("your company's name"),
    )
    return [(f"{{{name}}}", word) for name, word in zip(PLACEHOLDERS, words, strict=True)]
