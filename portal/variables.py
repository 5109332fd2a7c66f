"""The declared table of all environment variables: what each is, its default, who needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "flag", "number", "url", "secret", "choice", "listing", "path"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: how it is read, its development default, and who needs it."""

    name: str
    kind: Kind
    default: str
    help: str
    section: str
    required_in_production: bool = False
    choices: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    least: int = 0
    most: int = 65_535

    @property
    def may_be_file(self) -> bool:
        """Whether ``NAME_FILE`` may name a file that holds the value."""
        return self.kind in ("secret", "url")


DEVELOPMENT_SECRET: Final = "development-only-not-secret"  # noqa: S105 - production refuses it


def _v(name: str, kind: Kind, default: str, section: str, text: str, **extra: object) -> Variable:
    return Variable(name, kind, default, text, section, **extra)  # type: ignore[arg-type]  # values of many types


VARIABLES: Final[tuple[Variable, ...]] = (
    _v(
        "PORTAL_ENV",
        "choice",
        "development",
        "General",
        "What this installation is",
        choices=("development", "production", "test"),
    ),
    _v("DEBUG", "flag", "0", "General", "Django's debug pages; never in production"),
    _v(
        "SECRET_KEY",
        "secret",
        DEVELOPMENT_SECRET,
        "General",
        "Signs sessions and links; 50 random characters",
        required_in_production=True,
    ),
    _v(
        "STATION_KEY",
        "secret",
        DEVELOPMENT_SECRET,
        "General",
        "Key of the digests of station passwords; changing it voids them all",
        required_in_production=True,
    ),
    _v("VAR_DIR", "path", "var", "General", "Folder for data, logs and pid files"),
    _v(
        "LOG_LEVEL",
        "choice",
        "info",
        "General",
        "Least level logged",
        choices=("debug", "info", "warning", "error"),
    ),
    _v("LOG_FORMAT", "choice", "json", "General", "Form of log lines", choices=("json", "text")),
    _v(
        "DATABASE_URL",
        "url",
        "",
        "Servers",
        "PostgreSQL 15 or newer; empty starts the embedded server (development)",
        required_in_production=True,
        schemes=("postgres", "postgresql"),
    ),
    _v(
        "REDIS_URL",
        "url",
        "",
        "Servers",
        "Redis or Valkey; empty starts the embedded server (development)",
        required_in_production=True,
        schemes=("redis", "rediss", "unix"),
    ),
    _v(
        "BROKER_URL",
        "url",
        "",
        "Servers",
        "Celery's broker; empty means REDIS_URL",
        schemes=("redis", "rediss", "amqp", "amqps", "unix"),
    ),
    _v(
        "EMBEDDED_REDIS_PORT",
        "number",
        "0",
        "Servers",
        "Port of the embedded Valkey; 0: any free one (the embedded PostgreSQL takes no port)",
    ),
    _v("DATABASE_POOL_SIZE", "number", "8", "Servers", "Connections per web process"),
    _v(
        "PUBLIC_URL",
        "url",
        "",
        "Web",
        "Address people use; empty means host and port below",
        required_in_production=True,
        schemes=("http", "https"),
    ),
    _v("WEB_HOST", "text", "127.0.0.1", "Web", "Address the web process listens on"),
    _v("WEB_PORT", "number", "8000", "Web", "Port the web process listens on"),
    _v(
        "ALLOWED_HOSTS",
        "listing",
        "localhost,127.0.0.1,[::1]",
        "Web",
        "Host names served",
        required_in_production=True,
    ),
    _v(
        "SECOND_FACTOR_ROLES",
        "listing",
        "",
        "Web",
        "Roles that need a second factor unless the operator chooses, such as owner,control_room",
    ),
    _v("TRUSTED_PROXIES", "listing", "", "Web", "Addresses whose X-Forwarded-For is believed"),
    _v(
        "API_CALLS_PER_MINUTE",
        "number",
        "6000",
        "Web",
        "Calls of the API that one token or person may make in a minute; 0: any number",
    ),
    _v(
        "WEBHOOK_ALLOW_PRIVATE",
        "flag",
        "0",
        "Web",
        "Let webhooks call private networks and plain http; for tests and closed networks only",
    ),
    _v(
        "PORTAL_DEMO",
        "flag",
        "0",
        "Web",
        "Set by `make demo` alone: invoice, pay and close the months of the demo's past",
    ),
    _v("BRIDGE_HOST", "text", "127.0.0.1", "Bridge", "Address the bridge listens on"),
    _v("BRIDGE_PORT", "number", "9000", "Bridge", "Port of ws://; 0 switches it off"),
    _v("BRIDGE_TLS_PORT", "number", "0", "Bridge", "Port of wss://; 0 leaves TLS to a proxy"),
    _v("BRIDGE_TLS_CERT", "path", "", "Bridge", "Certificate chain (PEM)"),
    _v("BRIDGE_TLS_KEY", "path", "", "Bridge", "Private key (PEM)"),
    _v(
        "BRIDGE_PUBLIC_URL",
        "url",
        "",
        "Bridge",
        "Address stations use; empty means host and port",
        required_in_production=True,
        schemes=("ws", "wss"),
    ),
    _v("BRIDGE_NAME", "text", "bridge1", "Bridge", "Name of this bridge; unique among bridges"),
    _v(
        "ALLOW_PROFILE_0",
        "flag",
        "0",
        "Bridge",
        "Let stations without a password connect where their site allows it",
    ),
    _v("EMAIL_PROVIDER", "text", "", "E-mail", "mailgun sends by its API; empty by SMTP"),
    _v("MAILGUN_API_KEY", "secret", "", "E-mail", "Key of the sending domain"),
    _v("MAILGUN_DOMAIN", "text", "", "E-mail", "Sending domain"),
    _v("MAILGUN_SIGNING_KEY", "secret", "", "E-mail", "Key that signs /api/hooks/mailgun"),
    _v("MAILGUN_API_URL", "text", "https://api.eu.mailgun.net/v3", "E-mail", "Its API"),
    _v("EMAIL_HOST", "text", "", "E-mail", "SMTP server; empty prints mail to the log"),
    _v("EMAIL_PORT", "number", "587", "E-mail", "SMTP port"),
    _v("EMAIL_USER", "text", "", "E-mail", "SMTP user"),
    _v("EMAIL_PASSWORD", "secret", "", "E-mail", "SMTP password"),
    _v("EMAIL_USE_TLS", "flag", "1", "E-mail", "STARTTLS"),
    _v("EMAIL_FROM", "text", "portal@localhost", "E-mail", "Sender address"),
    _v(
        "PEPPOL_FOLDER",
        "text",
        "",
        "E-mail",
        "Folder of the Peppol access point that e-invoices are put into; a folder an operator",
    ),
    _v("PEPPOL_EMAIL", "text", "", "E-mail", "Address of the access point that takes mails"),
    _v(
        "ENTSOE_TOKEN",
        "secret",
        "",
        "Spot prices",
        "Security token of ENTSO-E's transparency platform; empty: prices come from files alone",
    ),
    _v(
        "ENTSOE_URL",
        "url",
        "https://web-api.tp.entsoe.eu/api",
        "Spot prices",
        "Address of the platform's REST API",
        schemes=("https", "http"),
    ),
    _v(
        "SPOT_AREAS",
        "listing",
        "SE1,SE2,SE3,SE4",
        "Spot prices",
        "Bidding zones whose prices are fetched",
    ),
    _v("METRICS_TOKEN", "secret", "", "Metrics", "Bearer token of /metrics; empty: loopback only"),
    _v(
        "BRIDGE_METRICS_PORT",
        "number",
        "0",
        "Metrics",
        "Loopback port of the bridge's metrics; 0: off",
    ),
    _v(
        "VIES_URL",
        "url",
        "https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number",
        "Billing",
        "Where VAT numbers of the EU are checked",
        schemes=("https", "http"),
    ),
    _v(
        "STRIPE_API_URL",
        "url",
        "",
        "Billing",
        "Double of Stripe for tests and demonstrations; refused in production",
        schemes=("http",),
    ),
    _v(
        "TERMINAL_API_URL",
        "url",
        "",
        "Billing",
        "Gateway of payment terminals (docs/payments.md); https in production",
        schemes=("https", "http"),
    ),
    _v(
        "PAYMENT_DOUBLE_PORT",
        "number",
        "8420",
        "Billing",
        "Loopback port of the demo's double of Stripe",
        least=1,
    ),
    _v("MAP_TILE_URL", "text", "", "Map", "Raster tile address with {z}/{x}/{y}; empty: outline"),
    _v("MAP_PMTILES_PATH", "path", "", "Map", "PMTiles file of a base map"),
)
BY_NAME: Final = {variable.name: variable for variable in VARIABLES}


def example() -> str:
    """Text of ``.env.example``: every variable with its default and purpose."""
    lines = [
        "# Copy to .env or set in the environment. Secrets may also come from NAME_FILE.",
    ]
    section = ""
    for variable in VARIABLES:
        if variable.section != section:
            section = variable.section
            lines += ["", f"## {section}"]
        needed = " Needed in production." if variable.required_in_production else ""
        choices = f" One of: {', '.join(variable.choices)}." if variable.choices else ""
        lines.append(f"# {variable.help}.{choices}{needed}")
        value = "" if variable.kind == "secret" else variable.default
        lines.append(f"{variable.name}={value}")
    return "\n".join(lines) + "\n"
