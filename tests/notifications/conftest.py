"""Notifications under test, with the gateways that a test wants."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from services.notifications.consumers import make_listener
from services.notifications.gateways import Gateway
from services.notifications.main import NOTIFICATIONS
from services.notifications.settings import NotificationsSettings
from shared.language.events import Medium
from shared.plumbing.service import Runtime
from tests.harness.desk import Desk, open_desk

MakeGateway = Callable[[Runtime], Gateway]
OpenNotifications = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def open_notifications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenNotifications:
    """Open a desk: `gateway` for every medium, or what `settings` (by their names) choose."""
    # As many as the desk's worker makes before it buries a message.
    monkeypatch.setenv("ATHAR_MAX_ATTEMPTS", "3")

    def opened(*, gateway: MakeGateway | None = None, **settings: str) -> AbstractAsyncContextManager[Desk]:
        prefix = NotificationsSettings.model_config.get("env_prefix")
        for name, value in settings.items():
            monkeypatch.setenv(f"{prefix}{name.upper()}", value)
        service = NOTIFICATIONS
        if gateway is not None:
            service = replace(
                NOTIFICATIONS,
                make_listener=lambda runtime: make_listener(runtime, gateways=dict.fromkeys(Medium, gateway(runtime))),
            )
        return open_desk(service, tmp_path, monkeypatch)

    return opened


@pytest.fixture
async def notifications(open_notifications: OpenNotifications) -> AsyncIterator[Desk]:
    async with open_notifications() as desk:
        yield desk
