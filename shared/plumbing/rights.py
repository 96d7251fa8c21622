"""What the service's own role may do on PostgreSQL, where another role owns the tables: work with rows, and no more."""

from sqlalchemy import make_url, text

from shared.plumbing.audit.tables import entries, heads
from shared.plumbing.database import Database

RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
    # The trail is added to. Its heads go on, and never vanish.
    f"REVOKE UPDATE, DELETE ON {entries.name} FROM {{role}}",
    f"REVOKE DELETE ON {heads.name} FROM {{role}}",
)


async def grant_rights(owner: Database, *, to: str) -> None:
    """Give the role of the URL `to` its rights, in one transaction of the owner. Raises `ValueError` for one role."""
    role = make_url(to).username
    if role is None or role == owner.engine.url.username:
        raise ValueError("the owner of the tables and the service are two roles; these are one")
    async with owner.engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote_identifier(role)
        for right in RIGHTS:
            await connection.execute(text(right.format(role=quoted)))
