"""What belongs to a customer: sessions, invoices, tokens. Inside the operator's scope."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.fields.json import KT

from billing.accounts.models import AccountKind, BillingAccount
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.rating.models import BillingState, RatedSession
from core.attachments.models import Attachment
from customers.companies.models import Company, CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from customers.notices.models import PayerNotice
from customers.notices.selectors import notices
from customers.selfservice.customer import Customer
from customers.tokens.models import IdToken
from stations.sessions.models import Session

Owner = Driver | Company


def sessions_of(owner: Owner) -> QuerySet[Any]:
    """Sessions that began with a token that was the owner's then, the newest first.

    What was charged with a card before it was the owner's is somebody else's.
    """
    key = "driver" if isinstance(owner, Driver) else "company"
    rows: QuerySet[Any] = Session.objects.annotate(owner_ref=KT(f"token_snapshot__{key}"))
    return (
        rows.filter(owner_ref=owner.public_id)
        .select_related("station__site", "billing")
        .defer("intervals", "findings")
        .order_by("-first_received_at", "-id")
    )


def with_prices(rows: QuerySet[Session]) -> QuerySet[Session]:
    """The same with ``prices``: a list of the price that counts, or of none: not while a session
    is held, and not of one that is free or waived."""
    current = RatedSession.objects.filter(
        is_current=True, session__billing__state=BillingState.RATED
    ).order_by("pk")
    return rows.prefetch_related(Prefetch("rated", current, to_attr="prices"))


def owner_of(customer: Customer) -> Owner:
    """Whose sessions the pages show first: the driver's, else the company's."""
    owner = customer.driver or customer.company
    assert owner is not None
    return owner


def owners_of(customer: Customer) -> list[Owner]:
    """All whose sessions and cards the person may see."""
    return [one for one in (customer.driver, customer.company) if one is not None]


def visible_sessions(customer: Customer) -> QuerySet[Any]:
    """Every session that the person may open."""
    wanted = Q()
    if customer.driver is not None:
        wanted |= Q(driver_ref=customer.driver.public_id)
    if customer.company is not None:
        wanted |= Q(company_ref=customer.company.public_id)
    rows: QuerySet[Any] = Session.objects.annotate(
        driver_ref=KT("token_snapshot__driver"), company_ref=KT("token_snapshot__company")
    )
    return rows.filter(wanted).select_related("station__site", "evse", "billing")


def account_links(customer: Customer) -> list[Any]:
    """The spans of days in which an account pays for the customer and is theirs to see.

    A driver sees accounts of persons alone: one of a company may pay for many people, and is seen
    by who looks after the company.
    """
    found: list[Any] = []
    if customer.driver is not None:
        found += (
            DriverAccount.objects.filter(owner=customer.driver, account__kind=AccountKind.PERSON)
            .exclude(account__in=CompanyAccount.objects.values("account"))
            .select_related("account", "owner")
        )
    if customer.company is not None:
        found += CompanyAccount.objects.filter(owner=customer.company).select_related("account")
    return found


def invoices_of(customer: Customer) -> QuerySet[Invoice]:
    """Issued documents of the customer's accounts, the newest first. Of an account that no longer
    pays for them those for the days in which it did."""
    wanted = Q(pk__in=[])
    for link in account_links(customer):
        own = Q(account=link.account_id)
        if link.valid_from_on is not None:
            own &= Q(supply_until_on__gte=link.valid_from_on) | Q(
                supply_until_on=None, issued_on__gte=link.valid_from_on
            )
        if link.valid_until_on is not None:
            own &= Q(supply_from_on__lte=link.valid_until_on) | Q(
                supply_from_on=None, issued_on__lte=link.valid_until_on
            )
        wanted |= own
    rows: QuerySet[Invoice] = Invoice.objects.filter(wanted).exclude(state=InvoiceState.DRAFT)
    shown = rows.exclude(kind=InvoiceKind.SELF_BILLING)
    return shown.select_related("account", "seller", "original").order_by("-issued_on", "-pk")


def told_to(customer: Customer) -> QuerySet[PayerNotice]:
    """Mails about the customer's accounts in the days in which they paid for them: to the address
    of the account or to the driver's, never to another driver's."""
    zone = ZoneInfo(customer.operator.time_zone)
    wanted = Q(pk__in=[])
    for link in account_links(customer):
        addresses = [one.lower() for one in link.account.emails]
        if isinstance(link, DriverAccount):
            addresses.append(link.owner.email.lower())
        own = Q(account=link.account_id, address__in=[one for one in addresses if one])
        if link.valid_from_on is not None:
            own &= Q(created_at__gte=datetime.combine(link.valid_from_on, time(), zone))
        if link.valid_until_on is not None:
            end = link.valid_until_on + timedelta(days=1)
            own &= Q(created_at__lt=datetime.combine(end, time(), zone))
        wanted |= own
    return notices().filter(wanted)


def accounts_of(customer: Customer, day: date) -> list[BillingAccount]:
    """The customer's accounts that pay on that day."""
    return [link.account for link in account_links(customer) if link.holds_on(day)]


def tokens_of(owner: Owner) -> QuerySet[IdToken]:
    """The owner's tokens; active ones first."""
    own = {"driver": owner} if isinstance(owner, Driver) else {"company": owner}
    rows: QuerySet[IdToken] = IdToken.objects.filter(**own).order_by("status", "uid", "id")
    return rows


def visible_tokens(customer: Customer) -> QuerySet[IdToken]:
    """Tokens of the driver; of the company, those of its drivers and of its pool."""
    wanted = Q()
    if customer.driver is not None:
        wanted |= Q(driver=customer.driver)
    if customer.company is not None:
        wanted |= Q(company=customer.company) | Q(driver__company=customer.company)
    rows: QuerySet[IdToken] = IdToken.objects.filter(wanted).select_related("driver", "company")
    return rows.order_by("status", "uid", "id")


def visible_documents(customer: Customer) -> QuerySet[Attachment]:
    """Files about the driver, and about the company that the person looks after, that are shown
    to them; the newest first."""
    wanted = Q(pk__in=[])
    for owner in owners_of(customer):
        wanted |= Q(object_type=owner._meta.label_lower, object_id=str(owner.pk))
    rows: QuerySet[Attachment] = Attachment.objects.filter(wanted, is_shared=True)
    return rows.order_by("-created_at", "-id")
