"""The services that a command of an operator looks at: of an embedded folder, or what the environment names."""

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from athar.catalogue import SERVICES
from athar.stack import embedded, one
from shared.plumbing.service import Runtime

Data = Annotated[Path, typer.Option(help="The folder of an embedded installation.", envvar="ATHAR_DATA_DIR")]
DATA = Path(".athar")


def find(data: Path) -> None:
    """Point the settings at the installation, while this command runs. Raises `typer.BadParameter` without one."""
    named = any(f"ATHAR_{name.upper()}_DATABASE_URL{file}" in os.environ for name in SERVICES for file in ("", "_FILE"))
    if not named and not (data / "secrets").is_dir():
        raise typer.BadParameter(f"there is no installation in {data}; name its folder with --data")
    embedded.set_environment(data, environment="embedded")


@contextmanager
def its_own_settings() -> Iterator[None]:
    """What a command sets for itself ends with it: the next one in this process finds nothing of its folder."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


def known(name: str) -> str:
    """The service of this name. Raises `typer.BadParameter` where there is none."""
    if name not in SERVICES:
        raise typer.BadParameter(f"there is no service “{name}”; there are {', '.join(SERVICES)}")
    return name


@asynccontextmanager
async def opened(names: Iterable[str] = tuple(SERVICES)) -> AsyncIterator[dict[str, Runtime]]:
    """The services of these names, closed again at the end."""
    async with AsyncExitStack() as stack:
        runtimes = {name: one.runtime_of(name) for name in names}
        for runtime in runtimes.values():
            stack.push_async_callback(runtime.close)
        yield runtimes
