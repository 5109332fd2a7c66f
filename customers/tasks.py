"""Aggregator: the tasks of the customers app, for Celery's discovery."""

from customers.basis import tasks as basis_tasks
from customers.guests import tasks as guest_tasks
from customers.idle import tasks as idle_tasks
from customers.notices import tasks as notice_tasks
from customers.residents import tasks as resident_tasks
from customers.selfservice import tasks as selfservice_tasks
from customers.support import tasks as support_tasks

__all__ = [
    "basis_tasks",
    "guest_tasks",
    "idle_tasks",
    "notice_tasks",
    "resident_tasks",
    "selfservice_tasks",
    "support_tasks",
]
