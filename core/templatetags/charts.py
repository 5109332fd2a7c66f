"""Template tags of small figures: ``{% load charts %}``."""

from __future__ import annotations

from django import template

from core.charts import draw

register = template.Library()

register.inclusion_tag("components/charts/sparkline.html", name="sparkline")(draw.sparkline)
register.inclusion_tag("components/charts/bar_stack.html", name="bar_stack")(draw.bar_stack)
register.inclusion_tag("components/charts/status_timeline.html", name="status_timeline")(
    draw.status_timeline
)
