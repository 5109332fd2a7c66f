"""Mark texts of pure modules for translation (pure).

``makemessages`` finds the call by its name; pages translate where they show the text.
"""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """``text`` itself."""
    return text
