"""The place class of a session: what its site was when it began."""

from __future__ import annotations

from django.db.models import Case, F, Q, When

from stations.sessions.models import Session
from stations.sites.choices import PlaceClass
from stations.sites.models import Site


def in_place_class(value: str, prefix: str = "") -> Q:
    """Condition: a session at a place of that class. ``prefix``: a path that leads to it.

    A session from before the class of its site was stated has the one that was stated later.
    """
    then = Q(**{f"{prefix}place_class": value})
    now = {f"{prefix}place_class": "", f"{prefix}station__site__place_class": value}
    return then | Q(**now)


def place_class_of(session: Session, site: Site | None = None) -> str:
    """The same of one session. ``site``: its site, where it is at hand."""
    return session.place_class or (site or session.station.site).place_class


def place_class_label(session: Session, site: Site | None = None) -> str:
    """What people call it; empty where it is not stated."""
    found = place_class_of(session, site)
    return str(PlaceClass(found).label) if found else ""


def place_class_expression(prefix: str = "") -> Case:
    """The same for a query."""
    own = f"{prefix}place_class"
    return Case(When(**{own: ""}, then=F(f"{prefix}station__site__place_class")), default=F(own))
