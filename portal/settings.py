"""Django settings, read from the environment (portal/env.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.api_settings import (  # noqa: F401 - settings that Django hands on
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
)
from portal.beat import BEAT_SCHEDULE, DEMO_SCHEDULE
from portal.env import Environment
from portal.plugs import (  # noqa: F401 - settings that Django hands on
    ACCOUNT_OPERATORS,
    AFTER_CREATING_OPERATOR,
    AFTER_RECONCILING,
    ATTENTION_SOURCES,
    CONNECTOR_CODES,
    FEE_SELLERS,
    FEE_SUBJECTS,
    FILE_SOURCES,
    IMPORT_SPECS,
    INCIDENT_CLOCKS,
    INCIDENT_PANELS,
    LETTER_KINDS,
    LIVE_SCOPE,
    LOCAL_LIST_SOURCES,
    NAV_ENTRIES,
    NOTIFICATION_EVENTS,
    NOTIFICATION_WAYS,
    OBJECT_KINDS,
    ORDER_SOURCES,
    PAYMENT_PROVIDERS,
    PLACE_SOURCE,
    PRICE_TELLER,
    SEARCH_FILLS,
    SEARCH_SOURCES,
    SESSION_ATTRIBUTOR,
    SESSION_PANELS,
    SETTLED_DAYS,
    SETUP_STEPS,
    SITE_PANELS,
    TARIFF_AUDIENCE,
    TARIFF_PREVIEW,
    TEST_CARDS,
    TOKEN_AUTHORISERS,
    UNINVOICED_PLACES,
    VAT_REGISTER,
    WEBHOOK_SOURCES,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

ENVIRONMENT = env.choice("PORTAL_ENV")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY")
STATION_KEY = env.secret("STATION_KEY")
VAR_DIR = (BASE_DIR / (env.path("VAR_DIR") or "var")).resolve()

WEB_HOST, WEB_PORT = env.text("WEB_HOST"), env.number("WEB_PORT")
PUBLIC_URL = (env.url("PUBLIC_URL") or f"http://{WEB_HOST}:{WEB_PORT}").rstrip("/")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env.listing("TRUSTED_PROXIES")

# The bridge
BRIDGE_HOST, BRIDGE_PORT = env.text("BRIDGE_HOST"), env.number("BRIDGE_PORT")
BRIDGE_TLS_PORT = env.number("BRIDGE_TLS_PORT")
BRIDGE_TLS_CERT, BRIDGE_TLS_KEY = env.path("BRIDGE_TLS_CERT"), env.path("BRIDGE_TLS_KEY")
BRIDGE_PUBLIC_URL = (
    env.url("BRIDGE_PUBLIC_URL") or f"ws://{BRIDGE_HOST}:{BRIDGE_PORT}/ocpp"
).rstrip("/")
BRIDGE_NAME = env.text("BRIDGE_NAME")
BRIDGE_METRICS_PORT = env.number("BRIDGE_METRICS_PORT")
ALLOW_PROFILE_0 = env.flag("ALLOW_PROFILE_0")
METRICS_TOKEN = env.secret("METRICS_TOKEN")

# Applications
INSTALLED_APPS = [
    "portal",
    "planning",
    "customers",
    "billing",
    "stations",
    "core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "portal.adminsite.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.accounts.middleware.MemberMiddleware",
    "core.accounts.second_factor.SecondFactorMiddleware",
    "core.accounts.seen.SeenMiddleware",
]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "core.templatetags.ui",
                "core.templatetags.trail",
                "django.templatetags.i18n",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


# Database: Django's own pool, sized to the threads of the web process
def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = {}
    for pair in filter(None, parts.query.split("&")):
        name, _separator, value = pair.partition("=")
        options[name] = unquote(value)
    if not TESTING:
        options["pool"] = {"min_size": 1, "max_size": env.number("DATABASE_POOL_SIZE")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "") or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


DATABASE_URL = env.url("DATABASE_URL") or "postgresql://portal@127.0.0.1:1/portal"
REDIS_URL = env.url("REDIS_URL") or "redis://127.0.0.1:1/0"
DATABASES = {"default": _database(DATABASE_URL)}
EMBEDDED_REDIS_PORT = env.number("EMBEDDED_REDIS_PORT")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
# Failures count by address, and by account and address (the adapter's key): never by account alone,
# so that nobody locks a colleague out.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "request_login_code": "20/h/ip,5/h/key",
}
# A code asked for counts by account and address too; one more limit is in the form.
ACCOUNT_FORMS = {"request_login_code": "core.accounts.forms.LoginCodeForm"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
SECOND_FACTOR_ROLES = env.listing("SECOND_FACTOR_ROLES")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_URL.startswith("https://") else 0
VIES_URL = env.url("VIES_URL")
STRIPE_API_URL = env.url("STRIPE_API_URL").rstrip("/")
TERMINAL_API_URL = env.url("TERMINAL_API_URL").rstrip("/")
PAYMENT_DOUBLE_PORT = env.number("PAYMENT_DOUBLE_PORT")
# Browsers hold a form to these, also where its answer sends it on to the page of a provider.
_PAYMENT_PAGES = [STRIPE_API_URL] if STRIPE_API_URL else ["https://checkout.stripe.com"]
MAP_TILE_URL = env.text("MAP_TILE_URL")
MAP_PMTILES_PATH = env.path("MAP_PMTILES_PATH")
_TILE_HOST = [f"https://{urlsplit(MAP_TILE_URL).netloc}"] if MAP_TILE_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *_TILE_HOST],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *_PAYMENT_PAGES],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
    }
}

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("sv", _("Swedish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Static files
STATIC_URL = "/static/"
# Elsewhere the files are served from where they lie.
STATIC_ROOT = BASE_DIR / "static-root" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = TESTING  # every client of a test would read all files anew
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
        if TESTING
        else "django.core.files.storage.FileSystemStorage"
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"

# E-mail
EMAIL_PROVIDER = env.text("EMAIL_PROVIDER")
ANYMAIL = {
    "MAILGUN_API_KEY": env.secret("MAILGUN_API_KEY"),
    "MAILGUN_SENDER_DOMAIN": env.text("MAILGUN_DOMAIN"),
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.secret("MAILGUN_SIGNING_KEY"),
    "MAILGUN_API_URL": env.text("MAILGUN_API_URL"),
}
EMAIL_BACKEND = (
    "core.mail_provider.MailgunBackend"
    if EMAIL_PROVIDER == "mailgun"
    else "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = env.text("EMAIL_HOST"), env.number("EMAIL_PORT")
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_USER"), env.secret("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM")
EMAIL_TIMEOUT = 20
PEPPOL_FOLDER, PEPPOL_EMAIL = env.text("PEPPOL_FOLDER"), env.text("PEPPOL_EMAIL")

# Celery: no result backend; rows carry state (DESIGN: commands)
CELERY_BROKER_URL = env.url("BROKER_URL") or REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 240, 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE | (DEMO_SCHEDULE if env.flag("PORTAL_DEMO") else {})

# Outgoing webhooks
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE")

# Spot prices
ENTSOE_TOKEN, ENTSOE_URL = env.secret("ENTSOE_TOKEN"), env.url("ENTSOE_URL")
SPOT_AREAS = env.listing("SPOT_AREAS")

# API
API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE")

# Logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "core.logs.JsonFormatter"},
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "filters": {"hide_tokens": {"()": "core.logs.HideTokens"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT"),
            "filters": ["hide_tokens"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL").upper()},
    "loggers": {
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "websockets": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
    },
}

env.check()
