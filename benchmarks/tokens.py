"""Tokens signed beforehand: signing them is no part of what is measured."""

from datetime import timedelta
from pathlib import Path

from benchmarks.walk import PACK, ROLES
from shared.language.roles import BRANCH_ROLES
from shared.plumbing.clock import SystemClock
from shared.plumbing.identity import Principal, issue_token, load_signing_key


def make_tokens(signing_key: Path) -> dict[str, str]:
    """A token for one person in each seat of the walk."""
    key, now = load_signing_key(signing_key), SystemClock().now()
    branch = PACK.branches[-1].id
    return {
        role.value: issue_token(
            Principal(
                association_id=PACK.id,
                person_id=f"made-up-{role.value}",
                role=role,
                branch_id=branch if role in BRANCH_ROLES else None,
            ),
            key=key,
            now=now,
            lasts=timedelta(hours=12),
        )
        for role in ROLES
    }
