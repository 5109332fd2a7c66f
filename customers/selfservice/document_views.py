"""Documents that the operator shows to a customer: contracts, agreements."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.attachments.models import Attachment
from core.files.serving import file_response
from customers.selfservice.customer import Customer, customer_page
from customers.selfservice.mine import visible_documents
from customers.selfservice.page import my_render

MOST = 200


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
