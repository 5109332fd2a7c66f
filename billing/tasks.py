"""Aggregator: the tasks of the billing app, for Celery's discovery."""

from billing.dunning import tasks as dunning_tasks
from billing.payments import tasks as payment_tasks
from billing.review import tasks as review_tasks
from billing.spot import tasks as spot_tasks

__all__ = [
    "dunning_tasks",
    "payment_tasks",
    "review_tasks",
    "spot_tasks",
]
