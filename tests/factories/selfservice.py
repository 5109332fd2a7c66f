"""A customer with a row of everything, and the pages that lead to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import URLPattern, reverse
from django.utils import timezone

from core.accounts.models import Operator, User
from core.attachments.models import Attachment
from core.files.store import keep
from core.operators.models import LegalText
from core.tenancy.scopes import across_operators, operator_scope
from customers.companies.models import CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from customers.selfservice.models import ChargeStart, CustomerLogin
from customers.selfservice.urls import urlpatterns
from customers.support.models import SupportCase
from stations.hardware.models import Evse
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token, make_vehicle
from tests.factories.invoices import make_issued
from tests.factories.rating import make_ended, price_by_hand
from tests.factories.stations import make_session, make_site, make_station

MARK = "SECRET-OF-THIS-CUSTOMER"


def make_login(user: User, **subject: Any) -> CustomerLogin:
    """A log-in as ``driver=`` or ``company=``."""
    kind = "driver" if "driver" in subject else "company_admin"
    operator = next(iter(subject.values())).operator
    with across_operators("tests make rows of any operator"):
        login: CustomerLogin = CustomerLogin.objects.create(
            operator=operator, user=user, kind=kind, **subject
        )
    return login


def snapshot_of(driver: Driver) -> dict[str, Any]:
    """What a session keeps of a driver."""
    found = {"driver": driver.public_id, "driver_name": driver.name, "label": "Card"}
    if driver.company is not None:
        found |= {"company": driver.company.public_id, "company_name": driver.company.name}
    return found | {"cost_centre": driver.cost_centre}


class CustomerWorld:
    """Dina drives for Carl's company; each has MARK where text can stand."""

    def __init__(self) -> None:
        self.operator: Operator = make_operator()
        self.company = make_company(operator=self.operator, name=f"{MARK} company")
        self.driver = make_driver(
            operator=self.operator, name=f"{MARK} driver", company=self.company, cost_centre=MARK
        )
        self.dina = make_person(email=f"dina-{self.operator.pk}@example.com")
        self.carl = make_person(email=f"carl-{self.operator.pk}@example.com")
        make_login(self.dina, driver=self.driver)
        make_login(self.carl, company=self.company)
        self.vehicle = make_vehicle(operator=self.operator, company=self.company, model=MARK)
        self.token = make_token(operator=self.operator, driver=self.driver, label=MARK)
        self.site = make_site(operator=self.operator, name="Open site", latitude=59, longitude=18)
        self.station = make_station(site=self.site, evses=2)
        with operator_scope(self.operator):
            self.second: Evse = self.station.evses.order_by("number").reverse()[0]
        self._charging()
        self._rows()

    def _charging(self) -> None:
        snapshot = snapshot_of(self.driver)
        self.running = make_session(
            station=self.station, token_snapshot=snapshot, id_token=self.token.uid,
            started_at=timezone.now() - timedelta(minutes=9),
        )  # fmt: skip
        self.session = make_ended(
            station=self.station,
            token_snapshot=snapshot,
            id_token=self.token.uid,
            evse=self.second,
            reconciled_at=None,
        )
        self.account = make_account(operator=self.operator, name=MARK)
        self.firm = make_account(operator=self.operator, name=MARK, kind="company")
        with operator_scope(self.operator):
            self.rated = price_by_hand(self.session, self.account, Decimal(50))
            DriverAccount.objects.create(
                operator=self.operator, owner=self.driver, account=self.account
            )
            CompanyAccount.objects.create(
                operator=self.operator, owner=self.company, account=self.firm
            )
        seller = make_seller(operator=self.operator)
        self.invoice = make_issued(seller, self.account)
        self.companys = make_issued(seller, self.firm)

    def _rows(self) -> None:
        evse = self.second
        with operator_scope(self.operator):
            self.start = ChargeStart.objects.create(
                operator=self.operator, public_id=f"go_{self.driver.pk}", driver=self.driver,
                token=self.token, evse=evse,
            )  # fmt: skip
            self.case = SupportCase.objects.create(
                operator=self.operator, public_id=f"case_{self.driver.pk}", driver=self.driver,
                station=self.station, opened_by_label=MARK, caller_name=MARK, asked=MARK,
            )  # fmt: skip
            self.document = Attachment.objects.create(
                operator=self.operator, public_id=f"file_c{self.driver.pk}", is_shared=True,
                object_type="customers.driver", object_id=str(self.driver.pk), kind="document",
                name=f"{MARK}.txt", content_type="text/plain", size_bytes=9, added_label=MARK,
                path=keep(self.operator.pk, MARK.encode(), ".txt"),
            )  # fmt: skip
            self.text = LegalText.objects.create(
                operator=self.operator, kind="terms", language="sv", version=1, text="Villkor"
            )
        self.evse = evse

    def pages(self) -> list[tuple[str, str]]:
        """Name and address of every page under ``my/`` that stands at one operator."""
        return [
            (pattern.name or "", reverse(pattern.name or "", args=self._args(pattern)))
            for pattern in urlpatterns
            if "my/<slug:slug>/" in str(pattern.pattern) and "sign-up" not in str(pattern.pattern)
        ]

    def _args(self, pattern: URLPattern) -> list[Any]:
        route, slug = str(pattern.pattern), self.operator.slug
        named: dict[str, list[Any]] = {
            "/sessions/<": [self.running.public_id if "stop" in route else self.session.public_id],
            "/invoices/<": [self.invoice.public_id],
            "/cards/<": [self.token.pk],
            "<str:public_id>/<int:pk>/": [self.site.public_id, self.evse.pk],
            "/stations/<": [self.site.public_id],
            "/starts/<": [self.start.public_id],
            "/cases/<": [self.case.public_id],
            "/drivers/<": [self.driver.public_id],
            "/payments/<": ["pay_nothing"],
            "/vehicles/<": [self.vehicle.public_id],
            "/documents/<": [self.document.public_id],
            "/saved-cards/<": ["card_nothing"],
        }
        for mark, found in named.items():
            if mark in route:
                return [slug, *found]
        return [slug]
