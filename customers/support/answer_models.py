"""Canned answers of the first line."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class CannedAnswer(TenantModel):
    """A text that is written often, in both languages, with places for what the case is about
    (``placeholders``). One language may be empty: the other is taken then."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    text_sv = models.TextField(_("text in Swedish"), max_length=4000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=4000, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="canned_answer_name_once"),
            models.CheckConstraint(
                condition=~models.Q(text_sv="", text_en=""), name="canned_answer_text"
            ),
        ]
        verbose_name = _("canned answer")
        verbose_name_plural = _("canned answers")

    def __str__(self) -> str:
        return self.name

    def text_in(self, language: str) -> str:
        """The text in a language; the other one where this has none."""
        first, second = self.text_sv, self.text_en
        return (first or second) if language == "sv" else (second or first)
