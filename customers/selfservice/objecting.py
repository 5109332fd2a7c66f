"""Objecting to a session or an invoice: a case for people, and no reminders meanwhile."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind
from billing.invoices.settling import set_disputed
from billing.rating.models import SessionBilling
from billing.review.disputing import hold_disputed
from core.errors import InvalidInput, RuleViolation
from customers.selfservice.customer import Customer
from customers.selfservice.mine import invoices_of
from customers.support.models import CaseState, SupportCase
from customers.support.services import Subjects, add_note, open_case
from stations.sessions.models import Session, SessionState

LONGEST: Final = 2000


def invoices_with(customer: Customer, session: Session) -> list[Invoice]:
    """The customer's issued documents that bill a session."""
    taken = InvoiceItem.objects.filter(billable__session=session).values("invoice")
    return list(invoices_of(customer).filter(pk__in=taken))


def open_case_about(session: Session) -> SupportCase | None:
    """The case in which somebody objects to the session, while it is open."""
    rows = SupportCase.objects.filter(session=session, state=CaseState.OPEN)
    found: SupportCase | None = rows.order_by("-opened_at").first()
    return found


@transaction.atomic
def object_to_session(*, customer: Customer, session: Session, text: str) -> SupportCase:
    """Open a case about a session; what is not billed is held, what is invoiced is disputed.

    Refuses a session that runs, one with an open case, and an empty text.
    """
    words = _needed(text)
    Session.objects.select_for_update(of=("self",)).only("pk").get(pk=session.pk)
    if session.state == SessionState.ACTIVE:
        raise RuleViolation("still_runs", _("The session still runs."))
    if open_case_about(session) is not None:
        raise RuleViolation("objected_already", _("There is an open case about this already."))
    driver = customer.driver
    if driver is not None and session.token_snapshot.get("driver") != driver.public_id:
        driver = None  # a colleague's, objected to by who looks after the company
    case = _case(customer, Subjects(driver=driver, session=session), session, words)
    invoices = invoices_with(customer, session)
    for invoice in invoices:
        _dispute(invoice, case)
    billing = SessionBilling.objects.filter(session=session).first()
    if billing is not None and not invoices:
        hold_disputed(billing=billing, reason=case.public_id)
    return case


@transaction.atomic
def object_to_invoice(*, customer: Customer, invoice: Invoice, text: str) -> SupportCase:
    """Open a case about an invoice; no reminders are sent while it is disputed.

    Refuses credit notes and an invoice that is disputed already.
    """
    words = _needed(text)
    if invoice.kind != InvoiceKind.INVOICE or invoice.is_disputed:
        raise RuleViolation("objected_already", _("You have objected to this already."))
    case = _case(customer, Subjects(driver=customer.driver), invoice, words)
    _dispute(invoice, case)
    return case


def _case(customer: Customer, subjects: Subjects, about: object, text: str) -> SupportCase:
    case = open_case(
        operator=customer.operator,
        subjects=subjects,
        asked=str(about),
        caller_name=customer.name[:120],
        caller_phone=customer.driver.phone if customer.driver is not None else "",
    )
    add_note(case=case, text=text, is_shared=True)
    return case


def _dispute(invoice: Invoice, case: SupportCase) -> None:
    if invoice.kind == InvoiceKind.INVOICE and not invoice.is_disputed and invoice.open_amount > 0:
        set_disputed(invoice=invoice, is_disputed=True, reason=case.public_id)


def _needed(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words or len(words) > LONGEST:
        raise InvalidInput(
            "text_needed", _("Say what is wrong, in up to 2000 signs."), field="text"
        )
    return words
