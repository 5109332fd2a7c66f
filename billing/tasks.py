"""Aggregator: the tasks of the billing app, for Celery's discovery."""

from billing.accounting import tasks as accounting_tasks
from billing.dunning import tasks as dunning_tasks
from billing.invoices import delivery_tasks as invoice_delivery_tasks
from billing.invoices import tasks as invoice_tasks
from billing.payments import tasks as payment_tasks
from billing.review import tasks as review_tasks
from billing.settlement import tasks as settlement_tasks
from billing.spot import tasks as spot_tasks
from billing.tariffs import tasks as tariff_tasks

__all__ = [
    "accounting_tasks",
    "dunning_tasks",
    "invoice_delivery_tasks",
    "invoice_tasks",
    "payment_tasks",
    "review_tasks",
    "settlement_tasks",
    "spot_tasks",
    "tariff_tasks",
]
