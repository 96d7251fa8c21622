"""How our servers listen: every head, body and connection bounded, and nobody's word taken for whose request it is."""

from typing import Any

from athar.stack.bounds import KEEP_ALIVE_SECONDS
from shared.plumbing.edge.connections import GuardedProtocol
from shared.plumbing.settings import Settings


def http_options(settings: Settings) -> dict[str, Any]:
    """What `uvicorn.Config` is told."""
    return {
        "http": GuardedProtocol,
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": [one.strip() for one in settings.trusted_proxies.split(",")],
    }
