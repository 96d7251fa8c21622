"""`athar` without its read log, to measure what that costs: `python -m benchmarks.untrailed up …`."""

from athar.cli import app
from shared.plumbing.audit.looks import Looks


async def _keep_nothing(*_: object) -> None:
    pass


if __name__ == "__main__":
    Looks.keep = _keep_nothing  # type: ignore[assignment]
    app()
