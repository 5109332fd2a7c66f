"""The home of a customer, the choice of an operator, and what stands around the pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from core.accounts.models import User
from core.files.serving import file_response
from core.live.views import stream_url
from core.operators.selectors import setup_of
from customers.selfservice.customer import Customer, customer_page, portals_of
from customers.selfservice.home import home_context, running_of
from customers.selfservice.mine import visible_sessions
from customers.selfservice.page import my_fragment, my_render
from customers.selfservice.texts import not_agreed


@login_required
@require_safe
def my_portals(request: HttpRequest) -> HttpResponse:
    """The operators of which the person is a customer; straight on where it is one."""
    assert isinstance(request.user, User)
    found = portals_of(request.user)
    if len(found) == 1:
        return redirect("my_home", slug=found[0].slug)
    return render(request, "customers/selfservice/portals.html", {"portals": found})


@require_safe
@customer_page
def my_home(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What runs, what happened, what is due."""
    context = home_context(customer, timezone.now())
    if not customer.is_read_only and isinstance(request.user, User):
        context["new_texts"] = not_agreed(customer.operator, request.user)
    return my_render(request, customer, "home.html", context)


@require_safe
@customer_page
def my_running(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What runs alone, fetched again and again."""
    running = running_of(customer, timezone.now())
    return my_fragment(request, customer, "_running.html", {"running": running})


@require_safe
@customer_page
def my_logo(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The operator's logo."""
    path = setup_of(customer.operator).logo_path
    if not path:
        raise Http404
    return file_response(path, content_type="image/png", name="logo.png", inline=True)


@require_GET
@customer_page
def my_live_ticket(request: HttpRequest, customer: Customer) -> JsonResponse:
    """``?topic=session.7`` → the address of the event stream; of the customer's sessions alone."""
    wanted = {
        int(topic.removeprefix("session."))
        for topic in request.GET.getlist("topic")[:16]
        if topic.startswith("session.") and topic.removeprefix("session.").isdecimal()
    }
    keys = visible_sessions(customer).filter(pk__in=wanted).values_list("pk", flat=True)
    topics = [f"session.{pk}" for pk in keys]
    if not topics:
        return JsonResponse({"error": "There is no such topic."}, status=400)
    url = stream_url(operator_id=customer.operator.pk, user_id=request.user.pk or 0, topics=topics)
    return JsonResponse({"url": url})
