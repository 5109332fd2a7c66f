"""How letters look in the API of what they are about."""

from __future__ import annotations

from rest_framework import serializers

from core.letters.models import Letter


class MailedLetterSerializer(serializers.ModelSerializer[Letter]):
    """One mail to one address, and what became of it."""

    class Meta:
        model = Letter
        fields = ("address", "state", "error", "sent_at", "told_at")
