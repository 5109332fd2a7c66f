"""The public key of a meter, by which its signed values are checked (pure)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

MOST: Final = 600
"""Characters of a key as it is stored: the largest curve of OCMF in hexadecimal, with room."""

_ARMOUR: Final = re.compile(r"-----[A-Z ]+-----")


def meter_key(text: str) -> str:
    """The key as DER in lower-case hexadecimal; empty for none.

    Takes hexadecimal, Base64 and PEM, as meters, their papers and portals give it. Raises
    ValueError for what is no public key on an elliptic curve.
    """
    plain = re.sub(r"[\s:]", "", _ARMOUR.sub("", text))
    if not plain:
        return ""
    der = _bytes(plain)
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("no public key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("no key on an elliptic curve")
    return der.hex()


def _bytes(plain: str) -> bytes:
    if re.fullmatch(r"([0-9A-Fa-f]{2})+", plain):
        return bytes.fromhex(plain)
    try:
        return base64.b64decode(plain, validate=True)
    except binascii.Error as error:
        raise ValueError("neither hexadecimal nor Base64") from error
