"""`athar up`: everything in one process and one folder; a database or stream named by URL takes the folder's place."""

import asyncio
import fcntl
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import uvicorn
import uvloop

from athar.catalogue import SERVICES
from athar.stack.accounts import FirstAccount, make_first_account
from athar.stack.bounds import beat, limit_memory, settle_in
from athar.stack.gateway import make_gateway
from athar.stack.listening import http_options
from athar.stack.secrets import make_secrets
from athar.stack.valkey import EmbeddedValkey
from shared.plumbing.service import Runtime, build_app
from shared.plumbing.settings import Settings
from shared.policy.adopted import adopt, packs


def set_environment(folder: Path, *, environment: str) -> EmbeddedValkey | None:
    """Point the settings that nobody set at `folder`. The stream to start, when it is the embedded one."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secrets = make_secrets(folder / "secrets")
    valkey = None if "ATHAR_REDIS_URL" in os.environ else EmbeddedValkey(folder / "stream")
    defaults = {
        "ATHAR_ENVIRONMENT": environment,
        "ATHAR_VERIFICATION_KEYS_FILE": str(secrets.verification_keys),
        "ATHAR_SEAL_KEYS_FILE": str(secrets.seal_keys),
        "ATHAR_INTAKE_SIGNING_KEY_FILE": str(secrets.signing_key),
        "ATHAR_FILES_FOLDER": str(folder / "files"),
        **({} if "ATHAR_VAULT_URL_FILE" in os.environ else {"ATHAR_VAULT_URL": f"sqlite:///{folder / 'vault.db'}"}),
        **{
            f"ATHAR_{name.upper()}_DATABASE_URL": f"sqlite+aiosqlite:///{folder / name}.db"
            for name in SERVICES
            if f"ATHAR_{name.upper()}_DATABASE_URL_FILE" not in os.environ
        },
    }
    if environment == "demo":
        # Whoever shows the system has no authenticator at hand for each of its people.
        defaults["ATHAR_INTAKE_SECOND_FACTOR_ROLES"] = "[]"
    if valkey is not None:
        defaults["ATHAR_REDIS_URL"] = valkey.url
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    return valkey


def run(
    folder: Path,
    *,
    host: str,
    port: int,
    environment: str,
    say: Callable[[str], None],
    say_first: Callable[[FirstAccount], None],
) -> None:
    """Start, migrate, serve until Ctrl-C or SIGTERM, stop. `say` is told the address once it answers.

    `say_first` is told each association's first administrator, at the first start alone.
    """
    valkey = set_environment(folder, environment=environment)
    held = _hold(folder)
    listening = _bind(host, port)
    if valkey is not None:
        valkey.start()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(listening, valkey, say=say, say_first=say_first))
    except KeyboardInterrupt:
        pass
    finally:
        if valkey is not None:
            valkey.stop()
        held.close()


def _hold(folder: Path) -> TextIO:
    """The folder is this process's for as long as it runs: two would stop each other's stream."""
    held = (folder / "lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        sys.exit(f"Athar runs already on the data in {folder}. Stop it first, or name another folder with --data.")
    return held


async def _serve(
    listening: socket.socket,
    valkey: EmbeddedValkey | None,
    *,
    say: Callable[[str], None],
    say_first: Callable[[FirstAccount], None],
) -> None:
    settings = Settings()
    adopt(settings.packs_folder)
    runtimes = {name: Runtime(service=service, settings=settings) for name, service in SERVICES.items()}
    for runtime in runtimes.values():
        await runtime.migrate()
    gateway = make_gateway({name: build_app(runtime, with_worker=True) for name, runtime in runtimes.items()})
    server = Server(uvicorn.Config(gateway, timeout_graceful_shutdown=10, **http_options(settings)))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    limit_memory(settings.memory_limit_mb)
    settle_in()
    besides = [
        loop.create_task(_tell(server, listening, say=say)),
        loop.create_task(beat(limit_seconds=settings.hang_seconds)),
    ]
    if settings.environment == "embedded":
        besides.append(loop.create_task(_welcome(server, runtimes["intake"], say=say_first)))
    if valkey is not None:
        besides.append(loop.create_task(valkey.keep_up()))
    await server.serve(sockets=[listening])
    await _end_leftovers()


class Server(uvicorn.Server):
    """Uvicorn without its signals: it would raise them again when it has ended, in the middle of our own end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.should_exit = True


async def _end_leftovers() -> None:
    """Cancel what libraries left running, again until it is over: one of them may swallow a cancellation."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for _ in range(20):
        if not left:
            return
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.5)


async def _welcome(server: uvicorn.Server, intake: Runtime, *, say: Callable[[FirstAccount], None]) -> None:
    """Make the first administrators once the address answers: nobody waits for their passwords' hashes."""
    while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag, not an event
        await asyncio.sleep(0.01)
    for association_id in packs():
        if (made := await make_first_account(intake, association_id=association_id, only_new=True)) is not None:
            say(made)


async def _tell(server: uvicorn.Server, listening: socket.socket, *, say: Callable[[str], None]) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag, not an event
        await asyncio.sleep(0.01)
    host, port = listening.getsockname()[:2]
    say(f"http://{host}:{port}")


def _bind(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        sys.exit(f"Port {port} is taken ({error.strerror}). Stop what runs there, or choose another with --port.")
    return listening


def set_up_logs(level: int = logging.INFO) -> None:
    """Lines on standard error: when, how bad, which part, what. Never a body, never a person."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    logging.getLogger("athar").setLevel(level)
    # FastStream tells of every message; what goes wrong with one is told by the inbox, with its story.
    logging.getLogger("athar.faststream").setLevel(logging.WARNING)
