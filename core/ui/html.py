"""Small pieces of HTML, used by template tags and by table columns alike.

Plain functions instead of included templates: a list of 200 rows renders thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache, lru_cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from core.nav import NavEntry
from core.status_words import status_word
from core.ui.hyphens import with_soft_hyphens


@cache
def _sprite(storage: str) -> str:
    return staticfiles_storage.url("icons.svg")


def sprite_url() -> str:
    """Address of the icon sprite."""
    return _sprite(settings.STORAGES["staticfiles"]["BACKEND"])


def icon_html(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; hidden from screen readers unless it has a ``label``."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            label, sprite_url(), name,
        )  # fmt: skip
    return _plain_icon(str(name), sprite_url())


@lru_cache(maxsize=512)
def _plain_icon(name: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name
    )


@lru_cache(maxsize=4096)
def _nav_entry(label: str, href: str, icon: str, current: str, sprite: str) -> SafeString:
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        href,
        mark,
        _plain_icon(icon, sprite),
        with_soft_hyphens(label),
    )


def nav_html(entries: Iterable[NavEntry]) -> SafeString:
    """Entries of the menu, one list item each. They are on every page, so each is made once."""
    sprite = sprite_url()
    return mark_safe(  # noqa: S308 - each is safe
        "".join(_nav_entry(str(e.label), e.href, e.icon, e.current, sprite) for e in entries)
    )


def status_html(value: object, kind: str = "connector", *, stale: bool = False) -> SafeString:
    """Colour, icon and word of a state; ``stale``: last known, the station is not there."""
    word = status_word(value, kind)
    title = _("Last known; the station is offline") if stale else ""
    return _status(word.tone, word.icon, str(word.word), title, sprite_url())


@lru_cache(maxsize=2048)
def _status(tone: str, icon: str, word: str, stale: str, sprite: str) -> SafeString:
    """A list has one state hundreds of times; ``stale`` says that it is the last known."""
    return format_html(
        '<span class="status tone-{}{}{}"{}>{}{}</span>',
        tone,
        " stale" if stale else "",
        " status-active" if icon == "bolt" and not stale else "",
        format_html(' title="{}"', stale) if stale else "",
        _plain_icon(icon, sprite),
        word,
    )


def none_html() -> SafeString:
    """The sign for "there is no value"."""
    return format_html('<span class="none quiet">{}</span>', "–")


def relative(moment: datetime, now: datetime) -> str:
    """``3 minutes ago`` or ``in 3 minutes``, translated."""
    if abs((now - moment).total_seconds()) < 60:
        return _("just now")
    if moment < now:
        return _("%(time)s ago") % {"time": timesince(moment, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(moment, now, depth=1)}


def moment_html(
    value: datetime | date | None,
    *,
    seconds: bool = False,
    zone: bool = True,
    relative_first: bool = False,
) -> SafeString:
    """Absolute time in the reader's zone, relative time in the tooltip (or the reverse)."""
    if value is None:
        return none_html()
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), value.isoformat())
    local = timezone.localtime(value)
    absolute = local.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
    named = f"{absolute} {local:%Z}"
    ago = relative(value, timezone.now())
    machine = value.astimezone(UTC).isoformat()
    if relative_first:
        return format_html(
            '<time class="nowrap" datetime="{}" title="{}">{}</time>', machine, named, ago
        )
    shown = format_html('{} <span class="quiet">{}</span>', absolute, f"{local:%Z}")
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        machine,
        f"{ago} · {named}",
        shown if zone else absolute,
    )


def copyable_html(value: object, *, label: str = "") -> SafeString:
    """An id in monospace with a button that copies it."""
    if value in (None, ""):
        return none_html()
    return format_html(
        '<span class="copyable"><code>{0}</code><button type="button" data-copy="{0}" '
        'aria-label="{1}" data-done="{2}">{3}</button></span>',
        value,
        label or _("Copy %(value)s") % {"value": value},
        _("Copied"),
        icon_html("copy"),
    )
