"""``manage.py makemessages``: extracts the texts of pure modules as well.

Pure modules know no Django, so their texts carry no mark; pages translate them where they are
shown. These are the places of a call that hold such a text.
"""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """As Django's, with more keywords for xgettext, and without guesses from similar texts."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=FindingText:2",  # stations.sessions.findings
        "--keyword=Command:2",  # stations.ocpp.outbound: a command's title
        "--keyword=Parameter:3",  # and the help of its parameter
    ]
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
