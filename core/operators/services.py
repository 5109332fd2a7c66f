"""Changing an operator: its data, logo, texts; trying its mail."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.files import pictures, store
from core.files.sniff import sniff
from core.operators.mail import compose, why_not_sent
from core.operators.models import LegalText, OperatorSetup, TextKind
from core.operators.selectors import setup_of
from core.operators.values import OPERATOR_FIELDS, checked

LARGEST_LOGO: Final = 5_000_000
LONGEST_TEXT: Final = 200_000


@transaction.atomic
def change_operator(
    *, operator: Operator, seen: str | None = None, reason: str = "", **changes: Any
) -> OperatorSetup:
    """Change data of the operator. ``seen`` is the version the person looked at: refused when
    somebody else has changed it since. The default language is one of its languages."""
    locked, setup = _locked(operator)
    if seen is not None and seen != version_of(setup):
        raise RuleViolation(
            "changed_meanwhile",
            _("Somebody changed this meanwhile. Look at the values again and repeat yours."),
        )
    values = checked(changes, country_code=locked.country_code)
    language = values.get("language", locked.language)
    languages = values.get("languages", setup.languages)
    if language not in languages:
        values["languages"] = [
            code for code, _n in settings.LANGUAGES if code in (*languages, language)
        ]
    own = {name: value for name, value in values.items() if name in OPERATOR_FIELDS}
    other = {name: value for name, value in values.items() if name not in OPERATOR_FIELDS}
    before, after = apply_changes(locked, own)
    setup_before, setup_after = apply_changes(setup, other)
    if not after and not setup_after:
        return setup
    locked.full_clean(exclude=["slug"])
    setup.updated_at = timezone.now()
    setup.full_clean(exclude=["operator"])
    locked.save()
    setup.save()
    record(
        "operator.change",
        locked,
        operator_id=locked.pk,
        before=before | setup_before,
        after=after | setup_after,
        reason=reason,
    )
    return setup


def version_of(setup: OperatorSetup) -> str:
    """What a form carries to notice changes of others."""
    return setup.updated_at.isoformat() if setup.pk else "new"


def _locked(operator: Operator) -> tuple[Operator, OperatorSetup]:
    """Operator and setup; the row of the operator is the lock of both."""
    locked = Operator.objects.select_for_update().get(pk=operator.pk)
    return locked, setup_of(locked)


@transaction.atomic
def set_logo(*, operator: Operator, upload: UploadedFile[Any]) -> OperatorSetup:
    """Keep a logo, written anew as PNG. Refuses SVG and what is no picture."""
    data = store.read_upload(upload, most_bytes=LARGEST_LOGO)
    if getattr(sniff(data), "code", "") == "svg":
        raise InvalidInput(
            "logo_svg", _("SVG may carry scripts. Use a PNG of the logo."), field="file"
        )
    picture = pictures.logo(data)
    locked, setup = _locked(operator)
    with store.kept(locked.pk, (picture.data, picture.ending)) as paths:
        return _put_logo(locked, setup, paths[0])


@transaction.atomic
def remove_logo(*, operator: Operator) -> OperatorSetup:
    """Remove the logo; nothing happens when there is none."""
    locked, setup = _locked(operator)
    return _put_logo(locked, setup, "") if setup.logo_path else setup


def _put_logo(operator: Operator, setup: OperatorSetup, path: str) -> OperatorSetup:
    old, setup.logo_path, setup.updated_at = setup.logo_path, path, timezone.now()
    setup.save()
    store.forget_on_commit(old)
    record(
        "operator.set_logo",
        operator,
        operator_id=operator.pk,
        before={"logo": bool(old)},
        after={"logo": bool(path)},
    )
    return setup


@transaction.atomic
def publish_text(*, operator: Operator, kind: str, language: str, text: str) -> LegalText:
    """Publish the next version of a text. Refuses an empty, too long or unchanged one."""
    if kind not in TextKind.values:
        raise InvalidInput("kind", _("There is no such kind of text."), field="kind")
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput("language", _("There is no such language."), field="language")
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not clean or len(clean) > LONGEST_TEXT:
        raise InvalidInput("text", _("Write a text of at most 200,000 characters."), field="text")
    locked, _setup = _locked(operator)
    about = {"operator": locked, "kind": kind, "language": language}
    last = LegalText.objects.filter(**about).order_by("-version").first()
    if last is not None and last.text == clean:
        raise RuleViolation(
            "text_unchanged", _("This is the text that is in force already."), field="text"
        )
    version: LegalText = LegalText.objects.create(
        **about,
        version=last.version + 1 if last else 1,
        text=clean,
        published_label=current_actor.get().label[:200],
    )
    told = {"kind": kind, "language": language}
    record(
        "operator.publish_text",
        locked,
        operator_id=locked.pk,
        before={**told, "version": last.version if last else None},
        after={**told, "version": version.version, "characters": len(clean)},
    )
    return version


def send_test_mail(*, operator: Operator, to: str, language: str) -> str:
    """Send a test mail and remember the outcome; returns what the server objected, or ""."""
    if not to:
        raise InvalidInput("no_address", _("Enter a sender address first."), field="sender_email")
    with override(language):
        message = compose(
            "test_mail", operator=operator, setup=setup_of(operator), to=to, context={}
        )
    error = why_not_sent(message)
    with transaction.atomic():
        locked, setup = _locked(operator)
        setup.mail_tested_at, setup.mail_test_error = timezone.now(), error
        setup.save()
        record(
            "operator.test_mail", locked, operator_id=locked.pk, after={"to": to, "error": error}
        )
    return error
