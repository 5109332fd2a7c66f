"""The package's decorators of handlers, with types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from ocpp import routing

Handler = TypeVar("Handler", bound=Callable[..., Any])


def on(action: str) -> Callable[[Handler], Handler]:
    """Answer a call of the network; the schema is checked both ways."""
    return cast(Callable[[Handler], Handler], routing.on(action))


def after(action: str) -> Callable[[Handler], Handler]:
    """Act after the answer went out."""
    return cast(Callable[[Handler], Handler], routing.after(action))
