"""Where stories take place: files in memory, and engines, that one story after the other uses."""

import shutil
import tempfile
from pathlib import Path

from shared.plumbing import database as database_module
from shared.plumbing.tracing import Tracing
from tests.model import services
from tests.model.disk import Garage


class Place:
    """Files and engines that one story after the other uses."""

    def __init__(self) -> None:
        shm = Path("/dev/shm")  # noqa: S108 - memory, where there is such
        self.folder = Path(tempfile.mkdtemp(prefix="athar-model-", dir=shm if shm.is_dir() else None))
        self.empty = self.folder / "empty.db"
        services.make_empty_database(self.empty)
        self.garage = Garage(database_module._engine, self.empty)
        self.tracing = Tracing("model")

    def close(self) -> None:
        shutil.rmtree(self.folder)
