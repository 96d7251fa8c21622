"""Where the services' processes are born: everything is imported once, so that a restart costs a fork.

It reads a line of JSON for each process to start, and tells of every birth and death by a line of its own.
Whatever it bore dies with it.
"""

import json
import os
import select
import signal
import sys
from typing import Any

from sqlalchemy.orm import configure_mappers

from tests.faults import child


def main() -> None:
    """Serve until the runner closes our standard input."""
    configure_mappers()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    alive: set[int] = set()
    tell("ready", pid=os.getpid())
    unread = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_the_dead(alive)
        if 0 in ready:
            some = os.read(0, 65536)
            if not some:
                break
            *lines, unread = (unread + some).split(b"\n")
            for line in lines:
                alive.add(_bear(json.loads(line)))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def tell(what: str, **facts: Any) -> None:
    os.write(1, json.dumps({"what": what, **facts}).encode() + b"\n")


def _bear(order: dict[str, Any]) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        child.live(child.Life(**order["life"]))
    tell("born", order=order["order"], pid=pid)
    return pid


def _tell_the_dead(alive: set[int]) -> None:
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        alive.discard(pid)
        tell("died", pid=pid, code=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
