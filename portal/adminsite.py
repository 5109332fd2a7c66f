"""The stock admin: for superusers, to look at tables of all operators, never to change them.

Whatever a package registers here becomes read-only: writes belong to services, which check,
audit and keep operators apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db import models
from django.http import HttpRequest, HttpResponseBase

from core.tenancy.scopes import across_operators

View = Callable[..., HttpResponseBase]
SECRET: Final = ("password", "digest", "secret", "key", "token_hash")
MOST_COLUMNS: Final = 7
MOST_FILTERS: Final = 4
MOST_SEARCHED: Final = 5


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A table to look at: searched by its texts, filtered by its choices; no secrets."""

    actions = None
    show_full_result_count = False
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Secrets."""
        return [field.name for field in self.opts.fields if is_secret(field.name)]

    def get_list_display(self, request: HttpRequest) -> Any:
        """The first columns."""
        return [field.name for field in self._columns()]

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """What the columns lead to, in the same query."""
        related = [one.name for one in self._columns() if isinstance(one, models.ForeignKey)]
        return related or False

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Columns of few values."""
        return [one.name for one in self._shown() if is_narrow(one)][:MOST_FILTERS]

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Columns of free text."""
        texts = [
            one.name
            for one in self._shown()
            if isinstance(one, models.CharField) and not one.choices
        ]
        return texts[:MOST_SEARCHED]

    def _shown(self) -> list[models.Field[Any, Any]]:
        return [field for field in self.opts.fields if not is_secret(field.name)]

    def _columns(self) -> list[models.Field[Any, Any]]:
        plain = [one for one in self._shown() if not isinstance(one, models.JSONField)]
        return plain[:MOST_COLUMNS]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers alone."""
        return self.admin_site.has_permission(request)


def is_secret(name: str) -> bool:
    """Whether a column holds a secret or what is derived from one."""
    return any(name == word or name.endswith(f"_{word}") for word in SECRET)


def is_narrow(field: models.Field[Any, Any]) -> bool:
    """Whether a column has few values: a choice, yes or no, the operator."""
    return bool(field.choices) or isinstance(field, models.BooleanField) or field.name == "operator"


class PortalAdminSite(admin.AdminSite):
    """Every page of the admin runs across all operators, and only for superusers."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers alone, not the staff."""
        return bool(request.user.is_active and request.user.is_superuser)

    def register(
        self,
        model_or_iterable: Any,
        admin_class: Any = None,
        **_options: Any,
    ) -> None:
        """Read-only, whatever was asked for. Tables with a key of two columns are left out."""
        given = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        for model in given:
            if not has_two_keys(model) and not self.is_registered(model):
                super().register(model, ReadOnlyAdmin)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """The view inside the scope of all operators, rendered there too."""
        guarded = super().admin_view(view, cacheable)

        def across(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with across_operators("superusers look at the tables of every operator"):
                response: Any = guarded(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                answer: HttpResponseBase = response
            return answer

        return update_wrapper(across, view)


def has_two_keys(model: type[models.Model]) -> bool:
    """Whether the admin cannot show a table: the partitioned journals have keys of two columns."""
    return isinstance(model._meta.pk, models.CompositePrimaryKey)


def register_all(site: admin.AdminSite, found: Iterable[type[models.Model]]) -> None:
    """Register every table that is not there yet."""
    for model in found:
        site.register(model)


class PortalAdminConfig(AdminConfig):
    """The admin application with the site above."""

    default_site = "portal.adminsite.PortalAdminSite"
