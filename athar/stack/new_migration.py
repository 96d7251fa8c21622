"""Write the next numbered migration of a service: what its models have that its migrations do not."""

import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, create_engine

from shared.plumbing import tables
from shared.plumbing.migrations import config_of, revisions
from shared.plumbing.service import Service

SHORTER = {
    "sqlmodel.sql.sqltypes.AutoString()": "sa.String()",
    "sqlmodel.sql.sqltypes.UTCDateTime()": "UTCDateTime()",
    "shared.plumbing.seal.SealedColumn()": "SealedColumn()",
    "shared.plumbing.seal.PersonalColumn()": "PersonalColumn()",
}


def new_migration(service: Service, words: str) -> Path:
    """The new file, to be looked at before it is committed."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/scratch.db")
        with engine.begin() as connection:
            path = _write(connection, service, words)
        engine.dispose()
    text = path.read_text()
    for long, short in SHORTER.items():
        text = text.replace(long, short)
    path.write_text("\n".join(line for line in text.splitlines() if not line.strip().startswith("# ###")) + "\n")
    return path


def _write(connection: Connection, service: Service, words: str) -> Path:
    config = config_of(service.migrations, service.tables)
    config.attributes["connection"] = connection
    number = int((revisions(service.migrations) or ["0"])[-1]) + 1
    if number > 1:
        command.upgrade(config, "head")
    else:
        # The first migration of a service begins with `create_first_kernel_tables()`.
        tables.metadata.create_all(connection)
    revision = f"{number:04d}"
    command.revision(config, message=words, rev_id=revision, autogenerate=True, version_path=str(service.migrations))
    return next(service.migrations.glob(f"{revision}_*.py"))
