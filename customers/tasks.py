"""Aggregator: the tasks of the customers app, for Celery's discovery."""

from customers.idle import tasks as idle_tasks

__all__ = ["idle_tasks"]
