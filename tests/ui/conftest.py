"""A real chromium before the real pages, all services behind the one gateway, and one more that only tests have."""

import asyncio
import json
import os
import shutil
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount

from athar.catalogue import SERVICES
from athar.stack.accounts import FirstAccount, make_first_account
from athar.stack.gateway import make_gateway
from services.notifications.main import NOTIFICATIONS
from shared.plumbing.identity import make_signing_key, public_keys
from tests.contracts.conftest import build
from tests.harness.desk import ASSOCIATION, open_desk
from tests.harness.unsynced import wait_for_no_disk
from tests.notifications import facts
from tests.ui.trial import Trial

REQUIRED = "ATHAR_REQUIRE_BROWSER"
PATIENCE_MS = 60_000
"""A machine that builds other things besides takes its time."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; without it the test is skipped, or fails if required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED} is set, and there is no chromium here")
        pytest.skip("there is no chromium here (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Site:
    """Where the pages are, and the server's side of the trial."""

    address: str
    trial: Trial
    signing_key: Path
    """Of intake: with it a test sits in any seat."""
    apps: dict[str, FastAPI]
    accounts: list[FirstAccount] = field(default_factory=list)
    """Who may sign in: made before the first page is answered."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The gateway with four services, some messages that would have been sent, and the trial."""
    with open_site(tmp_path_factory.mktemp("site"), fill=_write_messages) as site:
        yield site


@contextmanager
def open_site(folder: Path, *, fill: Callable[[Path, pytest.MonkeyPatch], Awaitable[None]]) -> Iterator[Site]:
    """All services behind the gateway, served over databases of `folder` in which `fill` has put what pages show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATHAR_INTAKE_SIGNING_KEY_FILE", str(folder / "signing-key.json"))
        patch.setenv("ATHAR_FILES_FOLDER", str(folder / "files"))
        # These tests are about the pages: no administrator has an authenticator here.
        patch.setenv("ATHAR_INTAKE_SECOND_FACTOR_ROLES", "[]")
        # And one person's request for a service is many here.
        patch.setenv("ATHAR_INTAKE_ONE_OPEN_REQUEST", "false")
        apps = {name: build(name, folder, patch) for name in SERVICES}
        listening = socket.create_server(("127.0.0.1", 0))
        site = Site(f"http://127.0.0.1:{listening.getsockname()[1]}", Trial(), folder / "signing-key.json", apps)
        app = Starlette(routes=[*site.trial.routes(), Mount("/", make_gateway(apps))])
        server = uvicorn.Server(
            uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
        )

        async def serve() -> None:
            for served in apps.values():
                wait_for_no_disk(served.state.runtime.database)
                await served.state.runtime.migrate()
            await fill(folder, patch)
            # After the desk, which has keys of its own there.
            _write_keys(folder)
            made = await make_first_account(apps["intake"].state.runtime, association_id=ASSOCIATION)
            site.accounts += [made] if made else []
            await server.serve(sockets=[listening])
            for served in apps.values():
                await served.state.runtime.close()

        thread = threading.Thread(target=asyncio.run, args=[serve()])
        thread.start()
        try:
            yield site
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            listening.close()


def _write_keys(folder: Path) -> None:
    key = make_signing_key()
    (folder / "signing-key.json").write_text(json.dumps(key.as_dict(private=True)))
    (folder / "keys.json").write_text(json.dumps(public_keys(key)))


async def _write_messages(folder: Path, patch: pytest.MonkeyPatch) -> None:
    async with open_desk(NOTIFICATIONS, folder, patch) as desk:
        await desk.hear(facts.received(), *facts.told_to_applicant())


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser of its own; an error in its console fails the test."""
    context = browser.new_context(base_url=site.address, locale="ar-SA", timezone_id="Asia/Riyadh")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if _is_wrong(message) else None)
    yield page
    context.close()
    assert wrong == []


def _is_wrong(message: Any) -> bool:
    # What the network refuses is a test's own doing; what our policy or scripts do is not.
    return message.type in {"error", "warning"} and "Failed to load resource" not in message.text
