"""Table of authorisation attempts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.lists.tables import LinkColumn, ListTable, MomentColumn, StatusColumn, TextColumn
from core.ui import html
from customers.attempts.words import Explained, Person, explain
from stations.ocpp.models import AuthorisationAttempt


class AttemptTable(ListTable):
    """Who asked to charge, the latest first."""

    at = MomentColumn(_("Time"), seconds=True)
    decision = StatusColumn(_("Decision"), kind="answer")
    id_token = TextColumn(_("Card"))
    person = TextColumn(_("Person"), empty_values=(), orderable=False)
    reason_code = TextColumn(_("Reason"))
    cure = TextColumn(_("What would cure it"), empty_values=(), orderable=False)
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    evse_number = TextColumn(_("EVSE"), end=True)

    class Meta(ListTable.Meta):
        model = AuthorisationAttempt
        fields: tuple[str, ...] = ()

    def render_id_token(self, record: AuthorisationAttempt) -> SafeString:
        """The UID, linked where the token is known; the printed number below."""
        told = told_of(record)
        sees = told.token_id is not None and self._may(Permission.TOKEN_VIEW)
        uid = (
            format_html(
                '<a href="{}"><code>{}</code></a>',
                reverse("token_detail", args=[told.token_id]),
                record.id_token,
            )
            if sees
            else html.copyable_html(record.id_token)
        )
        if not told.printed_number:
            return uid
        return format_html('<span>{}<span class="under">{}</span></span>', uid, told.printed_number)

    def render_person(self, record: AuthorisationAttempt) -> SafeString:
        """Driver and company, linked for those who may see them."""
        if not self._may(Permission.DRIVER_VIEW):
            return html.none_html()
        return person_html(told_of(record).person)

    def render_reason_code(self, record: AuthorisationAttempt) -> str:
        """In words, with whose limit it was."""
        return told_of(record).reason

    def render_cure(self, record: AuthorisationAttempt) -> SafeString:
        """What to do, and the button that does it for those who may."""
        told = told_of(record)
        if not told.cure:
            return html.none_html()
        if not told.cure_url or not self._may(told.cure_permission):
            return format_html("{}", told.cure)
        return format_html(
            '<span>{} <a class="btn btn-sm" href="{}">{}</a></span>',
            told.cure, told.cure_url, told.cure_label,
        )  # fmt: skip

    def _may(self, permission: str) -> bool:
        return permission in self._permissions

    @cached_property
    def _permissions(self) -> frozenset[str]:
        request: Any = getattr(self, "request", None)
        return frozenset(p for p in Permission if request and has_permission(request, p))


def told_of(attempt: AuthorisationAttempt) -> Explained:
    """The attempt in words, once for all of its cells."""
    kept: Explained | None = attempt.__dict__.get("told")
    if kept is None:
        kept = attempt.__dict__["told"] = explain(attempt)
    return kept


def person_html(person: Person) -> SafeString:
    """The driver with the company below, or the company of a pool."""
    driver = _link("driver_detail", person.driver, person.driver_name)
    company = _link("company_detail", person.company, person.company_name)
    if driver and company:
        return format_html('<span>{}<span class="under">{}</span></span>', driver, company)
    return driver or company or html.none_html()


def _link(view: str, ref: str, name: str) -> SafeString | None:
    if not name:
        return None
    if not ref:
        return format_html("{}", name)
    return format_html('<a href="{}">{}</a>', reverse(view, args=[ref]), name)
