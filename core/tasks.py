"""Aggregator: the tasks of the core app, for Celery's discovery."""

from core.api import tasks as api_tasks
from core.lists import tasks as list_tasks
from core.members import tasks as member_tasks
from core.notifications import tasks as notification_tasks
from core.schedules import tasks as schedule_tasks
from core.search import tasks as search_tasks
from core.webhooks import tasks as webhook_tasks

__all__ = [
    "api_tasks",
    "list_tasks",
    "member_tasks",
    "notification_tasks",
    "schedule_tasks",
    "search_tasks",
    "webhook_tasks",
]
