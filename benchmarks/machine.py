"""Which machine it was, and what else it did."""

import os
import platform
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

LIBRARIES = ("fastapi", "faststream", "sqlalchemy", "sqlmodel", "pydantic", "aiosqlite", "asyncpg", "redis", "uvicorn")
SYNCS = 200


def facts() -> dict[str, Any]:
    """Processor, system, disk, versions, and which state of the code."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 1_000_000,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "fdatasync_median_us": _sync_us(),
        "versions": {name: version(name) for name in LIBRARIES},
        "servers": {"embedded": "SQLite, valkey out of its wheel", "postgres": "postgres:15, redis:7 in containers"},
        "commit": _git("rev-parse", "--short", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "load_average": os.getloadavg(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _sync_us() -> float:
    """How long the disk needs for one small durable write."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno()) if hasattr(os, "fdatasync") else os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1_000_000, 1)


def _git(*words: str) -> str:
    told = subprocess.run(["git", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return told.stdout.strip()
