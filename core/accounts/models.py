"""Users, operators (tenants), memberships and API tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import WHOLE_OPERATOR, Role
from core.tenancy.models import TenantModel


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; a None password makes it unusable until one is set."""
        if not email:
            raise ValueError("An e-mail address is needed.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user who may use the stock admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Theme(models.TextChoices):
    """Colour scheme of pages."""

    SYSTEM = "system", _("System")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address; rights come from memberships."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ci_unique")]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Name for greetings and the audit trail."""
        return str(self)


class Operator(models.Model):
    """A tenant: someone who runs a charging network in this installation."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), unique=True)
    country_code = models.CharField(_("country code"), max_length=2, default="SE")
    party_id = models.CharField(_("party id"), max_length=3, help_text=_("As in SE*ABC*E1"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Stockholm")
    currency = models.CharField(_("currency"), max_length=3, default="SEK")
    language = models.CharField(_("language"), max_length=10, default="sv")
    is_active = models.BooleanField(_("active"), default=True)
    second_factor_roles = models.JSONField(
        _("roles that need a second factor"),
        null=True,
        blank=True,
        help_text=_("Empty: as the installation says"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("operator")
        verbose_name_plural = _("operators")

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """A user's role inside one operator; a limited member works with chosen places alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("active"), default=True)
    is_limited = models.BooleanField(_("limited to chosen sites"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id", "user_id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OWNER, is_limited=True),
                name="membership_owner_has_no_limit",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.HOST, is_limited=False),
                name="membership_host_is_limited",
            ),
        ]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class ApiTokenState(models.TextChoices):
    """Whether an API token is of use."""

    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class ApiToken(TenantModel):
    """A scoped key for the REST API of one operator; only its digest is stored. A limited one
    works with chosen places alone, as a limited member does."""

    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(_("permissions"), default=list)
    is_limited = models.BooleanField(_("limited to chosen sites"), default=False)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def may(self, permission: str) -> bool:
        """Whether the token has a right; a limited one has none over the whole operator."""
        return permission in self.permissions and not (
            self.is_limited and permission in WHOLE_OPERATOR
        )

    @property
    def state(self) -> ApiTokenState:
        """Whether it is of use now."""
        if self.revoked_at is not None:
            return ApiTokenState.REVOKED
        if self.expires_at is not None and self.expires_at <= timezone.now():
            return ApiTokenState.EXPIRED
        return ApiTokenState.ACTIVE
