"""What a study asks, how far it is, and what its layers are to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Objective(models.TextChoices):
    """What is to be as good as it can."""

    COVER = "cover", _("Reach most demand")
    TRAVEL = "travel", _("Least travel")
    CORRIDOR = "corridor", _("Most trips on roads between towns")


class StudyState(models.TextChoices):
    """The life of a study."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Phase(models.TextChoices):
    """What a running study is at, in order."""

    READING = "reading", _("Reading the data")
    FIRST = "first", _("A first plan")
    PROVING = "proving", _("Better plans and the proof")
    EXPLAINING = "explaining", _("Reasons, sizes and money")
    TRYING = "trying", _("Other assumptions")


class LayerRole(models.TextChoices):
    """What a layer is to a study."""

    DEMAND = "demand", _("Demand")
    CANDIDATES = "candidates", _("Candidate sites")
    EXISTING = "existing", _("Existing stations")
    ROADS = "roads", _("Roads between towns")
    GRID = "grid", _("Grid capacity")
    AREAS = "areas", _("Areas where sites may be")


OVER = (StudyState.DONE, StudyState.FAILED, StudyState.CANCELLED)
