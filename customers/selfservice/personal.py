"""A customer's own data: all of it as files, corrected, and forgotten where the law lets it."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import IO, Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.accounts.models import AccountKind
from core.accounts.models import Membership, User
from core.attachments.services import forget_files
from core.audit.models import AuditEntry
from core.audit.services import record
from core.errors import RuleViolation
from core.files.store import load
from core.lists.export import csv_lines
from core.lists.spec import CsvColumn
from core.tenancy.scopes import across_operators
from customers.drivers.models import Driver, DriverAccount
from customers.drivers.services import end_driver
from customers.notices.models import NOTHING_TO_TELL, PayerNotice
from customers.selfservice.customer import Customer
from customers.selfservice.home import open_invoices
from customers.selfservice.lists import INVOICE_COLUMNS, SESSION_COLUMNS
from customers.selfservice.logins import end_login
from customers.selfservice.mine import (
    invoices_of,
    sessions_of,
    tokens_of,
    told_to,
    visible_documents,
    with_prices,
)
from customers.selfservice.models import Consent, CustomerInvitation, CustomerLogin
from customers.support.follow_models import CaseIncident
from customers.support.models import SupportCase
from customers.tokens.models import TokenStatus
from customers.tokens.services import put_token
from stations.sessions.models import SessionState

_IN_MEMORY: Final = 8_000_000
MOST_ENTRIES: Final = 200
NAMELESS: Final = "–"
_FORGET: Final = """
UPDATE stations_session
SET token_snapshot = token_snapshot - 'driver_name' - 'employee_number' - 'label'
  - 'vehicle' - 'registration_number'
WHERE operator_id = %s AND token_snapshot ->> 'driver' = %s
"""
_PROFILE: Final = (
    "public_id", "name", "email", "phone", "employee_number", "cost_centre", "language", "status",
    "valid_from_on", "valid_until_on", "created_at",
)  # fmt: skip
_TOKEN: Final = tuple(
    CsvColumn(name)
    for name in ("uid", "printed_number", "label", "kind", "status", "expires_at", "created_at")
)


def history_of(user: User) -> list[AuditEntry]:
    """Log-ins and changes of the account as this operator's audit trail has them."""
    rows = AuditEntry.objects.filter(
        object_type=User._meta.label_lower, object_id=str(user.pk), verb__startswith="person."
    )
    return list(rows.order_by("-pk")[:MOST_ENTRIES])


def export_of(customer: Customer, driver: Driver, user: User | None) -> IO[bytes]:
    """A zip of all that is kept of a driver: JSON of each table, and CSV of the longer ones."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed out open
    tables: dict[str, tuple[Iterable[Any], tuple[CsvColumn, ...]]] = {
        "sessions": (with_prices(sessions_of(driver)), SESSION_COLUMNS),
        "invoices": (invoices_of(_as_driver(customer)), INVOICE_COLUMNS),
        "cards": (tokens_of(driver), _TOKEN),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("profile.json", _json(_profile(driver, user)))
        for name, (rows, columns) in tables.items():
            kept = list(rows)
            bundle.writestr(f"{name}.csv", "".join(csv_lines(iter(kept), list(columns))))
            told = [{column.name: column.value(row) for column in columns} for row in kept]
            bundle.writestr(f"{name}.json", _json(told))
        bundle.writestr("cases.json", _json(_cases(driver)))
        bundle.writestr("mails.json", _json(_mails(customer)))
        _write_documents(bundle, customer)
    out.seek(0)
    return out


def _as_driver(customer: Customer) -> Customer:
    """Without the company that the person looks after: what is its is no data of theirs."""
    return replace(customer, company=None)


def _profile(driver: Driver, user: User | None) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(driver, name) for name in _PROFILE}
    found["vehicles"] = [one.registration_number for one in driver.vehicles.all()]
    if user is not None:
        found["log_in"] = {"email": user.email, "name": user.name, "since": user.date_joined}
        found["log_in_history"] = [
            {"at": one.at, "what": one.verb, "address": one.source_ip} for one in history_of(user)
        ]
        found["consents"] = [
            {"kind": one.text.kind, "version": one.text.version, "at": one.accepted_at}
            for one in Consent.objects.filter(user=user).select_related("text")
        ]
    return found


def _cases(driver: Driver) -> list[dict[str, Any]]:
    rows = SupportCase.objects.filter(driver=driver).prefetch_related("entries")
    return [
        {
            "id": case.public_id,
            "state": case.state,
            "opened_at": case.opened_at,
            "entries": [
                {"at": one.at, "kind": one.kind, "text": one.text} for one in case.entries.all()
            ],
        }
        for case in rows
    ]


def _mails(customer: Customer) -> list[dict[str, Any]]:
    return [
        {
            "about": one.kind,
            "id": one.ref,
            "address": one.address,
            "written_at": one.created_at,
            "sent_at": one.sent_at,
        }
        for one in told_to(_as_driver(customer))
    ]


def _write_documents(bundle: zipfile.ZipFile, customer: Customer) -> None:
    """Documents that are shown to the driver: a list, and the files themselves."""
    rows = list(visible_documents(_as_driver(customer)))
    told = [
        {"id": one.public_id, "name": one.name, "caption": one.caption, "added_at": one.created_at}
        for one in rows
    ]
    bundle.writestr("documents.json", _json(told))
    for one in rows:
        content = load(one.path)
        if content is not None:
            bundle.writestr(f"documents/{one.public_id}-{one.name}", content)


def _json(value: Mapping[str, Any] | list[Any]) -> str:
    out = io.StringIO()
    json.dump(value, out, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return out.getvalue()


def why_not_deleted(customer: Customer, driver: Driver) -> str:
    """What must come first before the driver can be forgotten; empty when nothing is in the way."""
    if driver.company is not None:
        return _("You drive for %(company)s: ask them to end your time there.") % {
            "company": driver.company
        }
    if sessions_of(driver).filter(state=SessionState.ACTIVE).exists():
        return _("A session runs. Stop it first.")
    if open_invoices(_as_driver(customer)):
        return _("An invoice is not paid yet.")
    return ""


@transaction.atomic
def forget_driver(*, customer: Customer, driver: Driver, user: User) -> None:
    """End a private driver and take the person's name out of everything that may change.

    Invoices, their account and the sessions behind them stay, without the person's name where it
    is not on the document: bookkeeping law wants them for seven years. Files about the driver go.
    Refuses a company's driver,
    a session that runs, and what is not paid.
    """
    locked = Driver.objects.select_for_update(of=("self",)).select_related("company", "operator")
    row = locked.get(pk=driver.pk)
    obstacle = why_not_deleted(customer, row)
    if obstacle:
        raise RuleViolation("not_now", obstacle)
    for token in tokens_of(row):
        put_token(
            operator=row.operator, uid=token.uid, status=TokenStatus.INVALID, label="",
            vehicle=None, reason="deleted by the customer",
        )  # fmt: skip
    # Before the vehicles: one that no session knows goes with its number.
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [row.operator_id, row.public_id])
    _forget_mails(row)
    gone = end_driver(
        driver=row, on=operator_day(customer.operator), reason="deleted by the customer",
        name=NAMELESS, email="", phone="", employee_number="", cost_centre="", vehicles=[],
    )  # fmt: skip
    SupportCase.objects.filter(driver=row).update(caller_name="", caller_phone="")
    CaseIncident.objects.filter(case__driver=row).update(address="", error="")
    forget_files(instance=gone, operator_id=row.operator_id, reason="deleted by the customer")
    CustomerInvitation.objects.filter(driver=row).delete()
    for login in CustomerLogin.objects.filter(driver=row, ended_at=None).select_related("user"):
        end_login(login=login, reason="deleted by the customer")
    record("customer.forget", gone, operator_id=row.operator_id)
    _forget_user(user)


def _forget_mails(driver: Driver) -> None:
    """Mails about the person's own accounts stay as a proof of when they went, without where to;
    what waits is not sent. Those to another driver of the account keep their address."""
    links = DriverAccount.objects.filter(account__kind=AccountKind.PERSON)
    accounts = list(links.filter(owner=driver).values_list("account_id", flat=True))
    others = links.filter(account__in=accounts).exclude(owner=driver).exclude(owner__email="")
    kept = [one.lower() for one in others.values_list("owner__email", flat=True)]
    rows = PayerNotice.objects.filter(account__in=accounts).exclude(address__in=kept)
    rows.filter(sent_at=None).update(error=NOTHING_TO_TELL, next_at=None)
    rows.filter(sent_at__isnull=False).update(error="")
    rows.update(
        address=Concat(
            Value("deleted-"), Cast("pk", CharField()), Value("@invalid.invalid"),
            output_field=CharField(),
        )
    )  # fmt: skip


def _forget_user(user: User) -> None:
    """The account itself goes when the person is nothing else here."""
    with across_operators("an account may belong to several operators"):
        is_else = (
            CustomerLogin.objects.filter(user=user, ended_at=None).exists()
            or Membership.objects.filter(user=user).exists()
        )
    if is_else or user.is_superuser:
        return
    for rows in (EmailAddress.objects, Authenticator.objects, UserSession.objects):
        rows.filter(user=user).delete()
    user.set_unusable_password()
    user.email, user.name, user.is_active = f"deleted-{user.pk}@invalid.invalid", "", False
    user.save()
