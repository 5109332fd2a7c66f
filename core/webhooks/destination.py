"""Where a delivery may go: public addresses over TLS, checked before they are connected to.

A name may lead anywhere, and elsewhere a moment later; so it is resolved here, every address is
judged, and the connection is made to the very address that was judged (against server-side
request forgery).
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class Forbidden(Exception):
    """The address may not be called; the message says why."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked address: connect to ``address``, speak to ``host``."""

    scheme: str
    host: str
    port: int
    address: str
    target: str

    @property
    def url(self) -> str:
        """The address with the host's name replaced by the address that was judged."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{host}:{self.port}{self.target}"

    @property
    def authority(self) -> str:
        """Value of the header Host."""
        usual = 443 if self.scheme == "https" else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def check_form(url: str, *, allow_private: bool) -> SplitResult:
    """The parts of an address whose form is right; Forbidden says what is wrong."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Forbidden(_("Write the address in ASCII without spaces."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden(_("This is no address of the web.")) from error
    if parts.scheme not in (("https", "http") if allow_private else ("https",)):
        raise Forbidden(_("The address must begin with https://"))
    if not parts.hostname or port == 0:
        raise Forbidden(_("This is no address of the web."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Forbidden(_("The address must have no user, password or fragment."))
    literal = _literal(parts.hostname)
    if literal is not None and not allow_private and not is_public(literal):
        raise Forbidden(_("The address lies in a private network."))
    return parts


def resolve(url: str, *, allow_private: bool) -> Destination:
    """Where ``url`` leads now; Forbidden if any of its addresses is not public."""
    parts = check_form(url, allow_private=allow_private)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(_("The name %(host)s cannot be found.") % {"host": host}) from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses:
        raise Forbidden(_("The name %(host)s cannot be found.") % {"host": host})
    if not allow_private and not all(is_public(ipaddress.ip_address(one)) for one in addresses):
        raise Forbidden(_("The name %(host)s leads into a private network.") % {"host": host})
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port, addresses[0], target)


def is_public(address: Address) -> bool:
    """Whether anyone on the internet has this address: not private, loopback, link-local,
    metadata, shared, multicast or reserved, nor one of these dressed as IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries (mapped, NAT64, 6to4, Teredo)."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
