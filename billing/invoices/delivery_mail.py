"""The mail that carries a document; its language is the active one."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

from billing.invoices.delivery_models import Delivery, DeliveryWay
from billing.invoices.models import InvoiceKind
from core.operators.mail import sender_of
from core.operators.selectors import setup_of
from core.tenancy.scopes import operator_scope


def invoice_mail(delivery: Delivery, *, name: str, data: bytes) -> EmailMultiAlternatives:
    """Subject, text and HTML in the customer's language, the file attached."""
    invoice = delivery.invoice
    with operator_scope(delivery.operator):
        setup = setup_of(delivery.operator)
    words = {
        "invoice": invoice,
        "seller": invoice.seller_snapshot.get("name", ""),
        "seller_email": invoice.seller_snapshot.get("email", ""),
        "customer": invoice.buyer_snapshot.get("name", ""),
        "is_credit_note": invoice.kind == InvoiceKind.CREDIT_NOTE,
        "is_self_billing": invoice.kind == InvoiceKind.SELF_BILLING,
        "is_repeated": not delivery.is_planned,
        "language": get_language(),
        "operator": delivery.operator,
    }
    sender, reply_to = sender_of(delivery.operator, setup)
    own = invoice.seller_snapshot.get("email", "")
    message = EmailMultiAlternatives(
        " ".join(render_to_string("emails/invoice.subject.txt", words).split()),
        render_to_string("emails/invoice.txt", words),
        sender,
        list(delivery.addresses),
        reply_to=reply_to or ([own] if own else []),
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/invoice.html", words), "text/html")
    is_pdf = delivery.way == DeliveryWay.EMAIL
    message.attach(name, data, "application/pdf" if is_pdf else "application/xml")
    return message
