"""One attempt for a reader: who it was, why it was refused, what would cure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.ui.units import money
from customers.attempts.cures import Cure, cure_of
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.models import AuthorisationAttempt

_OF_LEVEL: Final[dict[tuple[str, str], str | Promise]] = {
    ("site_not_allowed", "driver"): gettext_lazy("The driver may not charge at this site."),
    ("site_not_allowed", "company"): gettext_lazy("The company may not charge at this site."),
    ("outside_hours", "driver"): gettext_lazy("The driver may not charge at this hour."),
    ("outside_hours", "company"): gettext_lazy("The company may not charge at this hour."),
    ("concurrent_sessions", "driver"): gettext_lazy(
        "The driver already charges as many times at once as they may."
    ),
    ("concurrent_sessions", "company"): gettext_lazy(
        "The company already charges as many times at once as it may."
    ),
    ("energy_limit", "driver"): gettext_lazy("The driver has used their energy for this month."),
    ("energy_limit", "company"): gettext_lazy("The company has used its energy for this month."),
    ("money_limit", "driver"): gettext_lazy("The driver has used their amount for this month."),
    ("money_limit", "company"): gettext_lazy("The company has used its amount for this month."),
}
_BUTTONS: Final[dict[str, tuple[str | Promise, Permission]]] = {
    "assign": (gettext_lazy("Give to a driver"), Permission.TOKEN_EDIT),
    "token": (gettext_lazy("Open the card"), Permission.TOKEN_VIEW),
    "driver": (gettext_lazy("Open the driver"), Permission.DRIVER_VIEW),
    "company": (gettext_lazy("Open the company"), Permission.DRIVER_VIEW),
    "sessions": (gettext_lazy("Its sessions"), Permission.SESSION_VIEW),
    "journal": (gettext_lazy("The station's messages"), Permission.JOURNAL_VIEW),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who presented the token, as far as known; ids are empty where there is no page."""

    driver: str
    driver_name: str
    company: str
    company_name: str

    def __bool__(self) -> bool:
        return bool(self.driver_name or self.company_name)


@dataclass(frozen=True, slots=True)
class Explained:
    """An attempt in words. ``token_id`` is empty when the token is not in the table now."""

    reason: str
    cure: str
    cure_url: str
    cure_label: str
    cure_permission: str
    printed_number: str
    token_id: int | None
    person: Person
    is_refused: bool


def explain(attempt: AuthorisationAttempt) -> Explained:
    """The attempt in the reader's language; ``attempt`` carries ``known`` (selectors)."""
    snapshot: Mapping[str, Any] = attempt.token_snapshot or {}
    known: Mapping[str, Any] = getattr(attempt, "known", None) or {}
    refusal: Mapping[str, Any] = snapshot.get("refusal") or {}
    refused = attempt.decision != "Accepted"
    level = str(refusal.get("level", "token"))
    person = _person(snapshot, known)
    cure = cure_of(attempt.reason_code, level, has_owner=bool(known)) if refused else Cure("", "")
    label, permission = _BUTTONS.get(cure.action, ("", ""))
    url = _url(cure.action, attempt, known, person)
    return Explained(
        reason=_reason(attempt.reason_code, level, refusal),
        cure=_(cure.text) if cure.text else "",
        cure_url=url,
        cure_label=str(label) if url else "",
        cure_permission=str(permission),
        printed_number=str(known.get("printed_number") or snapshot.get("printed_number") or ""),
        token_id=known.get("id"),
        person=person,
        is_refused=refused,
    )


def _person(snapshot: Mapping[str, Any], known: Mapping[str, Any]) -> Person:
    """Who had the token then; who has it now where nobody had it."""
    source = snapshot if snapshot.get("driver") or snapshot.get("company") else known
    names = ("driver", "driver_name", "company", "company_name")
    return Person(*(str(source.get(name) or "") for name in names))


def _reason(code: str, level: str, refusal: Mapping[str, Any]) -> str:
    sentence = str(_OF_LEVEL.get((code, level), "")) or in_words(code)
    limit, used = refusal.get("limit"), refusal.get("used")
    if limit is None or used is None:
        return sentence
    if code == "energy_limit":
        shown = {"used": _kwh(used), "limit": _kwh(limit)}
        return f"{sentence} " + _("%(used)s of %(limit)s kWh.") % shown
    if code == "money_limit":
        currency = str(refusal.get("currency", ""))
        shown = {"used": money(Decimal(used), currency), "limit": money(Decimal(limit), currency)}
        return f"{sentence} " + _("%(used)s of %(limit)s.") % shown
    return f"{sentence} " + _("%(used)s of %(limit)s.") % {"used": used, "limit": limit}


def _kwh(energy_wh: int) -> str:
    return number_format(energy_wh / 1000, 0)


def _url(
    action: str, attempt: AuthorisationAttempt, known: Mapping[str, Any], person: Person
) -> str:
    if action == "assign":
        return reverse("attempt_assign", args=[attempt.pk])
    if action == "token":
        return reverse("token_detail", args=[known["id"]]) if known else ""
    if action == "driver":
        return reverse("driver_detail", args=[person.driver]) if person.driver else ""
    if action == "company":
        return reverse("company_detail", args=[person.company]) if person.company else ""
    if action == "sessions":
        query = urlencode({"token": attempt.id_token, "state": "active"})
        return f"{reverse('session_list')}?{query}"
    if action == "journal":
        return reverse("station_journal", args=[attempt.station.public_id])
    return ""
