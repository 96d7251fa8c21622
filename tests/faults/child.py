"""One process of the services, as production runs it, with a watcher at the kernel's stop points."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
import threading
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from athar.catalogue import SERVICES
from athar.stack import one
from athar.stack.embedded import Server, set_up_logs
from athar.stack.gateway import make_gateway
from shared.plumbing import stop_points
from shared.plumbing.service import build_app
from tests.faults import switches

HTTP = "http"
"""The process that answers for all four services; every other one works for the service of its name."""

DIE_WITH_PARENT = 1
_asked: ContextVar[str] = ContextVar("asked")


@dataclass
class Life:
    """What a process is told at its birth."""

    name: str
    environment: dict[str, str]
    socket: str
    log: str
    reached: str
    stops: list[dict[str, Any]] = field(default_factory=list)
    switches: dict[str, Any] = field(default_factory=dict)


def live(life: Life) -> None:
    """Be that process, and never return."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        gc.freeze()
        log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number in (1, 2):
            os.dup2(log, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(life.environment)
        set_up_logs()
        signal.signal(signal.SIGUSR1, _tell_what_waits)
        switches.install(life.switches)
        if life.stops:
            stop_points.watch(Watcher(life))
        if life.name == HTTP:
            _serve(life.socket)
        else:
            one.work(life.name)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever ends a process belongs into its log
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


def _tell_what_waits(*_: Any) -> None:
    """Into the log: every task of this process, and where it waits."""
    for task in asyncio.all_tasks():
        told, waits = [task.get_name()], task.get_coro()
        while (frame := getattr(waits, "cr_frame", None)) is not None:
            told.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
            waits = getattr(waits, "cr_await", None)
        sys.stderr.write(" < ".join(told) + f" on {waits!r}\n")
    sys.stderr.flush()


class Watcher:
    """Stops this process when it comes to a named point for the n-th time; or slows it there."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._seen: Counter[tuple[str, str]] = Counter()

    def __call__(self, point: stop_points.StopPoint) -> None:
        service = self._life.name if self._life.name != HTTP else _asked.get("")
        self._seen[service, point.value] += 1
        for stop in self._life.stops:
            if stop["point"] == point.value and stop["service"] == service:
                if stop["act"] == "slow":
                    threading.Event().wait(stop["seconds"])
                elif stop["nth"] == self._seen[service, point.value]:
                    self._stop(service, stop)

    def _stop(self, service: str, stop: dict[str, Any]) -> None:
        note = os.open(self._life.reached, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(note, f"{service} {stop['point']} {stop['act']} {os.getpid()}\n".encode())
        os.close(note)
        os.kill(os.getpid(), signal.SIGKILL if stop["act"] == "kill" else signal.SIGSTOP)


class Named:
    """Says in whose name the request at hand is answered."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._app = app
        self._name = name
        self.router = app.router  # type: ignore[attr-defined]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _asked.set(self._name)
        await self._app(scope, receive, send)


def _serve(path: str) -> None:
    apps: Any = {name: Named(build_app(one.runtime_of(name), with_worker=False), name) for name in SERVICES}
    config = uvicorn.Config(make_gateway(apps), log_config=None, access_log=False, server_header=False)
    listening = socket.socket(socket.AF_UNIX)
    Path(path).unlink(missing_ok=True)
    listening.bind(path)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Server(config).serve(sockets=[listening]))
