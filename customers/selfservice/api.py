"""REST for customers, under ``my/<operator>/``: the session of their browser, their own rows."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, re_path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.authentication import MemberSessionAuthentication
from core.api.views import ListView, OperatorScopeMixin
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from customers.drivers.models import Driver
from customers.selfservice import cards, starting
from customers.selfservice import serializers as shown
from customers.selfservice.customer import NOTHING_CHANGES, SAFE, Customer, find_customer
from customers.selfservice.home import home_context
from customers.selfservice.invoice_views import find_invoice
from customers.selfservice.lists import MyInvoiceFilter, MySessionFilter
from customers.selfservice.mine import (
    invoices_of,
    owner_of,
    sessions_of,
    visible_tokens,
    with_prices,
)
from customers.selfservice.models import ChargeStart
from customers.selfservice.objecting import object_to_invoice, object_to_session
from customers.selfservice.places import evses_now, sites_now, startable_tokens, visible_sites
from customers.selfservice.session_page import session_context
from customers.selfservice.session_views import find_session
from customers.selfservice.station_views import find_evse, find_site
from customers.selfservice.stopping import stop_session
from customers.selfservice.token_views import find_token
from stations.hardware.models import Evse

MOST_SITES: Final = 500


class MyView(OperatorScopeMixin):
    """Runs as the customer that the person is at the operator of the address; 404 for others."""

    authentication_classes = [MemberSessionAuthentication]
    permission_classes = [IsAuthenticated]
    customer: Customer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the customer and enter the operator's scope."""
        self.perform_authentication(request)
        if not request.user.is_authenticated:
            raise NotAuthenticated
        customer = find_customer(request._request, str(kwargs["slug"]))
        if customer is None:
            raise Http404
        if customer.is_read_only and request.method not in SAFE:
            raise PermissionDenied(NOTHING_CHANGES)
        self.customer = customer
        request._request.membership = None  # type: ignore[attr-defined]  # set by the middleware
        request._request.operator = customer.operator  # type: ignore[attr-defined]  # read further down
        self._stack.enter_context(operator_scope(customer.operator))
        self._stack.enter_context(limited_to(None))
        super().initial(request, *args, **kwargs)

    @property
    def driver(self) -> Driver:
        """The driver; 404 for who only looks after a company."""
        if self.customer.driver is None:
            raise Http404
        return self.customer.driver

    def given(self, serializer: type[Any]) -> dict[str, Any]:
        """The checked body."""
        found = serializer(data=self.request.data)
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)


class MyHome(MyView):
    """What runs, what happened last, what is due."""

    @extend_schema(responses=shown.MyHomeSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """As on the home of the portal."""
        found = home_context(self.customer, timezone.now()) | {"name": self.customer.name}
        return Response(shown.MyHomeSerializer(found).data)


class MySessions(MyView, ListView):
    """The driver's sessions, or all of the company's, the newest first."""

    serializer_class = shown.MySessionSerializer
    filterset_class = MySessionFilter

    def rows(self) -> QuerySet[Any]:
        """With their prices."""
        return with_prices(sessions_of(owner_of(self.customer)))


class MySession(MyView):
    """One session."""

    @extend_schema(responses=shown.MySessionDetailSerializer)
    def get(self, request: Request, slug: str, ref: str) -> Response:
        """With the lines of its price, or with what it has cost so far."""
        found = session_context(self.customer, find_session(self.customer, ref))
        price, cost = found["price"], found["cost"]
        found["session"].prices = [price] if price is not None else []
        found["cost_so_far"] = cost.gross if cost is not None else None
        return Response(shown.MySessionDetailSerializer(found).data)


class MySessionStop(MyView):
    """POST asks the station to end a session."""

    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request, slug: str, ref: str) -> Response:
        """Asking twice sends one command."""
        stop_session(session=find_session(self.customer, ref))
        return Response(status=202)


class MySessionObjection(MyView):
    """POST objects to a session."""

    @extend_schema(request=shown.ObjectionWriteSerializer, responses={201: shown.MyCaseSerializer})
    def post(self, request: Request, slug: str, ref: str) -> Response:
        """Opens a case; what is not invoiced is held, what is invoiced is disputed."""
        session = find_session(self.customer, ref)
        text = self.given(shown.ObjectionWriteSerializer)["text"]
        case = object_to_session(customer=self.customer, session=session, text=text)
        return Response(shown.MyCaseSerializer(case).data, status=201)


class MyInvoices(MyView, ListView):
    """Invoices and credit notes, the newest first."""

    serializer_class = shown.MyInvoiceSerializer
    filterset_class = MyInvoiceFilter

    def rows(self) -> QuerySet[Any]:
        """Issued ones of the customer's accounts."""
        return invoices_of(self.customer)


class MyInvoice(MyView):
    """One of them."""

    @extend_schema(responses=shown.MyInvoiceSerializer)
    def get(self, request: Request, slug: str, ref: str) -> Response:
        """As it was issued, with what is open now."""
        found = find_invoice(self.customer, ref)
        return Response(shown.MyInvoiceSerializer(found).data)


class MyInvoiceObjection(MyView):
    """POST objects to an invoice."""

    @extend_schema(request=shown.ObjectionWriteSerializer, responses={201: shown.MyCaseSerializer})
    def post(self, request: Request, slug: str, ref: str) -> Response:
        """Opens a case; no reminders are sent meanwhile."""
        invoice = find_invoice(self.customer, ref)
        text = self.given(shown.ObjectionWriteSerializer)["text"]
        case = object_to_invoice(customer=self.customer, invoice=invoice, text=text)
        return Response(shown.MyCaseSerializer(case).data, status=201)


class MyTokens(MyView):
    """Cards and app tokens; POST activates a card."""

    @extend_schema(responses=shown.MyTokenSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Active ones first."""
        return Response(
            shown.MyTokenSerializer(visible_tokens(self.customer)[:500], many=True).data
        )

    @extend_schema(request=shown.ActivateWriteSerializer, responses={201: shown.MyTokenSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """By the number printed on it."""
        values = self.given(shown.ActivateWriteSerializer)
        token = cards.activate_card(driver=self.driver, **values)
        return Response(shown.MyTokenSerializer(token).data, status=201)


class MyToken(MyView):
    """One card; PATCH names it."""

    @extend_schema(request=shown.LabelWriteSerializer, responses=shown.MyTokenSerializer)
    def patch(self, request: Request, slug: str, number: str) -> Response:
        """What the customer calls it."""
        token = find_token(self.customer, int(number))
        label = self.given(shown.LabelWriteSerializer)["label"]
        return Response(shown.MyTokenSerializer(cards.rename_card(token=token, label=label)).data)


class MyTokenBlock(MyView):
    """POST blocks a card at once."""

    @extend_schema(request=None, responses=shown.MyTokenSerializer)
    def post(self, request: Request, slug: str, number: str) -> Response:
        """Stations refuse it from now on."""
        token = find_token(self.customer, int(number))
        blocked = cards.block_card(customer=self.customer, token=token)
        return Response(shown.MyTokenSerializer(blocked).data)


class MyTokenUnblock(MyView):
    """POST lets a card charge again that was blocked here."""

    @extend_schema(request=None, responses=shown.MyTokenSerializer)
    def post(self, request: Request, slug: str, number: str) -> Response:
        """Not what the operator blocked."""
        token = find_token(self.customer, int(number))
        freed = cards.unblock_card(customer=self.customer, token=token)
        return Response(shown.MyTokenSerializer(freed).data)


class MySites(MyView):
    """Places to charge, with what is free now."""

    @extend_schema(responses=shown.MySiteSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """By name, at most 500."""
        sites = list(visible_sites(self.customer)[:MOST_SITES])
        found = sites_now(self.customer, sites, timezone.now())
        return Response(shown.MySiteSerializer(found, many=True).data)


class MySite(MyView):
    """The EVSEs of a place."""

    @extend_schema(operation_id="my_site_evses_list", responses=shown.MyEvseSerializer(many=True))
    def get(self, request: Request, slug: str, ref: str) -> Response:
        """With their prices for the caller."""
        found = evses_now(self.customer, find_site(self.customer, ref), timezone.now())
        return Response(shown.MyEvseSerializer(found, many=True).data)


class MyStarts(MyView):
    """POST starts to charge at an EVSE of a place."""

    @extend_schema(request=shown.StartWriteSerializer, responses={201: shown.MyStartSerializer})
    def post(self, request: Request, slug: str, ref: str) -> Response:
        """Refuses with the reason; a second call within 90 seconds is the first again."""
        driver, site = self.driver, find_site(self.customer, ref)
        values = self.given(shown.StartWriteSerializer)
        evse: Evse = find_evse(site, values["evse"])
        tokens = startable_tokens(self.customer)
        token = next((one for one in tokens if one.pk == values["token"]), None)
        if token is None:
            raise Http404
        start = starting.start_charging(driver=driver, token=token, evse=evse)
        return Response(_told(start), status=201)


def _told(start: ChargeStart) -> Any:
    progress = starting.progress_of(start, timezone.now())
    session = progress.session.public_id if progress.session is not None else None
    found = {
        "id": start.public_id, "state": progress.state, "text": progress.text, "session": session,
    }  # fmt: skip
    return shown.MyStartSerializer(found).data


class MyStart(MyView):
    """Where a start stands; POST cancels it."""

    def _start(self, ref: str) -> ChargeStart:
        rows = ChargeStart.objects.select_related("command", "token")
        start: ChargeStart = get_object_or_404(rows, driver=self.driver, public_id=ref)
        return start

    @extend_schema(responses=shown.MyStartSerializer)
    def get(self, request: Request, slug: str, ref: str) -> Response:
        """Ask again every few seconds until it is over."""
        return Response(_told(self._start(ref)))

    @extend_schema(request=None, responses=shown.MyStartSerializer)
    def post(self, request: Request, slug: str, ref: str) -> Response:
        """What was not sent is not sent; 409 when it is over."""
        starting.cancel_start(start=self._start(ref))
        return Response(_told(self._start(ref)))


def my_address(route: str, view: type[Any], name: str) -> URLPattern:
    """The pattern of a view under ``my/<operator>``."""
    named = route.replace("{ref}", r"(?P<ref>[^/\x00-\x1f\x7f]+)")
    pattern = named.replace("{number}", r"(?P<number>\d{1,10})")
    made: URLPattern = re_path(
        rf"^my/(?P<slug>[-\w]{{1,50}}){pattern}/?$", view.as_view(), name=f"api_my_{name}"
    )
    return made


urls = [
    my_address("", MyHome, "home"),
    my_address("/sessions", MySessions, "sessions"),
    my_address("/sessions/{ref}", MySession, "session"),
    my_address("/sessions/{ref}/stop", MySessionStop, "session_stop"),
    my_address("/sessions/{ref}/objection", MySessionObjection, "session_objection"),
    my_address("/invoices", MyInvoices, "invoices"),
    my_address("/invoices/{ref}", MyInvoice, "invoice"),
    my_address("/invoices/{ref}/objection", MyInvoiceObjection, "invoice_objection"),
    my_address("/tokens", MyTokens, "tokens"),
    my_address("/tokens/{number}", MyToken, "token"),
    my_address("/tokens/{number}/block", MyTokenBlock, "token_block"),
    my_address("/tokens/{number}/unblock", MyTokenUnblock, "token_unblock"),
    my_address("/sites", MySites, "sites"),
    my_address("/sites/{ref}", MySite, "site"),
    my_address("/sites/{ref}/start", MyStarts, "starts"),
    my_address("/starts/{ref}", MyStart, "start"),
]
