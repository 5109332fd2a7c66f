"""The operator's page of open data: what is published, how fresh it is, and who reads it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import attempted, posted
from customers.opendata import services
from customers.opendata.loading import is_complete, public_sites
from customers.opendata.models import OpenDataDocument, OpenDataFeed, OpenDataFetch

WORDS: Final = {
    "datex-table": gettext_lazy("DATEX II: places and prices"),
    "datex-status": gettext_lazy("DATEX II: status and prices now"),
    "locations": gettext_lazy("OCPI: locations"),
    "tariffs": gettext_lazy("OCPI: tariffs"),
}
"""The documents as people read them."""


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Whether places are published, and under which ID."""

    class Meta:
        model = OpenDataFeed
        fields = ("is_open", "national_id")

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class KeyForm(forms.Form):
    """Whether readers need a key."""

    is_needed = forms.BooleanField(
        label=gettext_lazy("Ask readers for a key"), required=False,
        help_text=gettext_lazy("A new key is made and shown once; an older one ends."),
    )  # fmt: skip


def state_of(request: HttpRequest) -> dict[str, Any]:
    """What is published and read."""
    operator = operator_of(request)
    sites = public_sites()
    base = request.build_absolute_uri("/").rstrip("/")
    return {
        "feed": services.feed_of(operator),
        "addresses": [
            ("datex-table", base + reverse("open_datex", args=[operator.slug, "table"])),
            ("datex-status", base + reverse("open_datex", args=[operator.slug, "status"])),
            ("locations", base + reverse("open_ocpi", args=[operator.slug, "locations"])),
            ("tariffs", base + reverse("open_ocpi", args=[operator.slug, "tariffs"])),
        ],
        "documents": {one.name: one for one in OpenDataDocument.objects.all()},
        "fetches": [(WORDS[one.name], one) for one in OpenDataFetch.objects.all()[:100]],
        "shown": sites.filter(is_complete()).count(),
        "left_out": list(sites.exclude(is_complete())[:50]),
    }


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def open_data(request: HttpRequest) -> HttpResponse:
    """Publish or stop; freshness and readers."""
    state = state_of(request)
    form = FeedForm(posted(request), instance=state["feed"])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        operator = operator_of(request)
        if attempted(form, lambda: services.set_feed(operator=operator, **values)):
            messages.success(request, _("Saved."))
            return redirect("open_data")
    made = state["documents"]
    rows = [(WORDS[name], address, made.get(name)) for name, address in state["addresses"]]
    context = state | {"form": form, "rows": rows}
    return render(request, "customers/opendata/open_data.html", context)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def open_data_key(request: HttpRequest) -> HttpResponse:
    """Ask for a key, or for none."""
    form = KeyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        needed = bool(form.cleaned_data["is_needed"])
        key = services.set_key(operator=operator_of(request), is_needed=needed)
        if key:
            messages.warning(request, _("The key, shown this once: %(key)s") % {"key": key})
        else:
            messages.success(request, _("Readers need no key."))
        return redirect("open_data")
    context = {
        "title": _("Key of open data"),
        "consequence": _("Readers with an older key get nothing any more."),
        "verb": _("Change the key"),
        "form": form,
        "cancel_url": reverse("open_data"),
    }
    return render(request, "confirm.html", context)
