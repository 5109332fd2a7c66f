"""``python -m tools.payment_double --port 8420``: serve on loopback until told to stop."""

from __future__ import annotations

import argparse
import sys

from portal.orphan import watch
from tools.payment_double.server import serve

DEMO_SECRET = "whsec_demo_not_secret"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def main() -> int:
    """Serve; the port that was taken is printed first."""
    parser = argparse.ArgumentParser(prog="payment_double", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", choices=LOOPBACK)
    parser.add_argument("--port", type=int, default=8420, help="0: any that is free")
    parser.add_argument("--url", default="", help="how browsers reach it, if not by host and port")
    parser.add_argument(
        "--hook", nargs=2, action="append", default=[], metavar=("SLUG", "PORTAL"),
        help="a demo operator, whose webhooks go to its account at the portal",
    )  # fmt: skip
    given = parser.parse_args()
    watch()
    server = serve(given.host, given.port, given.url)
    for slug, portal in given.hook:
        account = server.api(f"sk_test_demo_{slug}").account
        account.webhook_url = f"{portal}/api/hooks/cards/cac_demo_{slug}"
        account.webhook_secret = DEMO_SECRET
    sys.stdout.write(f"http://{given.host}:{server.server_port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
