"""Aggregator: the tasks of the core app."""

from core.lists import tasks as list_tasks

__all__ = ["list_tasks"]
