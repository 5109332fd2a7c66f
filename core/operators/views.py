"""The setup page of an operator: overview, sections, logo, texts, test mail."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.files.serving import file_response
from core.forms import attempt, posted
from core.operators import forms, services
from core.operators.models import LegalText
from core.operators.selectors import setup_of, texts_in_force, texts_of
from core.operators.steps import steps

SECTIONS: Final[dict[str, tuple[str | Promise, type[forms.SectionForm]]]] = {
    "name": (gettext_lazy("Name and logo"), forms.NameForm),
    "legal": (gettext_lazy("Legal data"), forms.LegalForm),
    "bank": (gettext_lazy("Bank"), forms.BankForm),
    "mail": (gettext_lazy("Mail"), forms.MailForm),
}


def _frame(request: HttpRequest, current: str) -> dict[str, Any]:
    return {"sections": [(key, label) for key, (label, _form) in SECTIONS.items()], "tab": current}


@permission_required(Permission.OPERATOR_EDIT)
@require_safe
def operator_setup(request: HttpRequest) -> HttpResponse:
    """What has been entered, and what is missing."""
    operator = operator_of(request)
    context = _frame(request, "overview") | {
        "setup": setup_of(operator),
        "steps": steps(operator),
        "texts": texts_in_force(operator).values(),
    }
    return render(request, "core/operators/operator_setup.html", context)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def operator_section(request: HttpRequest, section: str) -> HttpResponse:
    """One section with its form."""
    operator = operator_of(request)
    setup = setup_of(operator)
    title, form_class = SECTIONS[section]
    initial = {
        name: getattr(operator if hasattr(operator, name) else setup, name)
        for name in form_class.base_fields
        if name != "seen"
    }
    form = form_class(posted(request), initial=initial | {"seen": services.version_of(setup)})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or None
        changed = attempt(
            form,
            lambda: services.change_operator(operator=operator, seen=seen, **form.values()),
        )
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect(f"operator_{section}")
    context = _frame(request, section) | {
        "title": title,
        "form": form,
        "setup": setup,
        "logo_form": forms.LogoForm(),
    }
    return render(request, "core/operators/operator_section.html", context)


@permission_required(Permission.OPERATOR_EDIT)
@require_POST
def operator_logo_change(request: HttpRequest) -> HttpResponse:
    """Take a logo, or remove the one that is there."""
    operator = operator_of(request)
    if "remove" in request.POST:
        services.remove_logo(operator=operator)
        messages.success(request, _("The logo has been removed."))
        return redirect("operator_name")
    form = forms.LogoForm(request.POST, request.FILES)
    changed = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        changed = attempt(form, lambda: services.set_logo(operator=operator, upload=upload))
    if changed is not None:
        messages.success(request, _("The logo has been changed."))
    else:
        messages.error(request, " ".join(str(one) for e in form.errors.values() for one in e))
    return redirect("operator_name")


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def operator_logo(request: HttpRequest) -> HttpResponse:
    """The operator's logo, for its members."""
    path = setup_of(operator_of(request)).logo_path
    if not path:
        raise Http404(_("There is no logo."))
    return file_response(path, content_type="image/png", name="logo.png", inline=True)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def operator_texts(request: HttpRequest) -> HttpResponse:
    """Terms and privacy texts with all their versions; POST publishes the next one."""
    operator = operator_of(request)
    form = forms.TextForm(posted(request), initial={"language": operator.language})
    if request.method == "POST" and form.is_valid():
        version = attempt(
            form, lambda: services.publish_text(operator=operator, **form.cleaned_data)
        )
        if version is not None:
            messages.success(request, _("The text has been published."))
            return redirect("operator_texts")
    context = _frame(request, "texts") | {"form": form, "texts": texts_of(operator)}
    return render(request, "core/operators/operator_texts.html", context)


@permission_required(Permission.OPERATOR_EDIT)
@require_safe
def operator_text(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as it was published."""
    text: LegalText = get_object_or_404(texts_of(operator_of(request)), pk=pk)
    return render(
        request, "core/operators/operator_text.html", _frame(request, "texts") | {"text": text}
    )


@permission_required(Permission.OPERATOR_EDIT)
@require_POST
def operator_test_mail(request: HttpRequest) -> HttpResponse:
    """Send a mail to oneself and tell what the server said."""
    user = request.user
    to = user.email if isinstance(user, User) else ""
    error = services.send_test_mail(
        operator=operator_of(request), to=to, language=get_language() or "en"
    )
    if error:
        messages.error(
            request, _("The mail was not sent. The server said: %(error)s") % {"error": error}
        )
    else:
        messages.success(
            request,
            _("The mail server took the mail to %(to)s. See whether it arrives.") % {"to": to},
        )
    return redirect("operator_mail")
