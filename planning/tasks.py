"""Aggregator: the tasks of the planning app, for Celery's discovery."""

from planning.studies import tasks as studies

__all__ = ["studies"]
