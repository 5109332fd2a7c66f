"""Documents that the operator shows to a customer: contracts, agreements."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.attachments.models import Attachment
from core.files.serving import file_response
from customers.selfservice.customer import Customer, customer_page
from customers.selfservice.mine import owners_of
from customers.selfservice.page import my_render

MOST = 200


def visible_documents(customer: Customer) -> QuerySet[Attachment]:
    """Files about the driver, and about the company that the person looks after, that are shown
    to them; the newest first."""
    wanted = Q(pk__in=[])
    for owner in owners_of(customer):
        wanted |= Q(object_type=owner._meta.label_lower, object_id=str(owner.pk))
    rows: QuerySet[Attachment] = Attachment.objects.filter(wanted, is_shared=True)
    return rows.order_by("-created_at", "-id")


@require_safe
@customer_page
def my_document_list(request: HttpRequest, customer: Customer) -> HttpResponse:
    """All of them."""
    context = {"documents": list(visible_documents(customer)[:MOST])}
    return my_render(request, customer, "document_list.html", context)


def document_response(document: Attachment) -> HttpResponse:
    """The file, to keep."""
    return file_response(
        document.path, content_type=document.content_type, name=document.name, inline=False
    )


@require_safe
@customer_page
def my_document(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """One of them, to keep."""
    return document_response(get_object_or_404(visible_documents(customer), public_id=public_id))
