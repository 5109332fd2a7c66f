"""Aggregator: the REST addresses of customers."""

from __future__ import annotations

from customers.attempts.api import urls as attempt_urls
from customers.attribution.api import urls as attribution_urls
from customers.basis.api import urls as basis_urls
from customers.companies.api import urls as company_urls
from customers.drivers.api import urls as driver_urls
from customers.guests.api import urls as guest_urls
from customers.notices.api import urls as notice_urls
from customers.opendata.api import urls as open_data_urls
from customers.residents.api import urls as resident_urls
from customers.righting.api import urls as righting_urls
from customers.selfservice.api import urls as selfservice_urls
from customers.selfservice.holders_api import urls as holder_urls
from customers.selfservice.more_api import urls as more_selfservice_urls
from customers.selfservice.payroll_api import urls as payroll_urls
from customers.selfservice.vehicles_api import urls as my_vehicle_urls
from customers.support.answer_api import urls as answer_urls
from customers.support.api import urls as support_urls
from customers.support.follow_api import urls as follow_urls
from customers.takeover.api import urls as takeover_urls
from customers.tokens.api import urls as token_urls
from customers.vehicles.api import urls as vehicle_urls

urls = [
    *company_urls,
    *driver_urls,
    *token_urls,
    *vehicle_urls,
    *resident_urls,
    *basis_urls,
    *open_data_urls,
    *notice_urls,
    *attempt_urls,
    *selfservice_urls,
    *more_selfservice_urls,
    *payroll_urls,
    *holder_urls,
    *my_vehicle_urls,
    *guest_urls,
    *righting_urls,
    *support_urls,
    *answer_urls,
    *follow_urls,
    *takeover_urls,
    *attribution_urls,
]
