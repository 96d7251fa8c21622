"""A table was sent: it lies sealed, its first row is read, and the columns whose headings are known are chosen."""

import asyncio
import json
from base64 import b64encode
from datetime import datetime
from itertools import islice

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.imports.columns import guess
from services.intake.domain.imports.run import Import
from shared.language.clauses import Channel
from shared.plumbing.files.cabinet import Cabinet, Kept
from shared.plumbing.files.lines import lines_from
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack


async def check_may_import(session: AsyncSession, *, who: Principal) -> None:
    """Before ten megabytes travel. Raises `AssociationUnknown`."""
    del session
    pack_of(who.association_id)


async def begin_import(
    kept: Kept, *, file_name: str | None, by: Principal, cabinet: Cabinet, session: AsyncSession, now: datetime
) -> Import:
    """Keep the table that was read, under a key that goes with it."""
    pack, key = pack_of(by.association_id), b64encode(kept.key).decode()
    first, head = await asyncio.to_thread(lambda: list(islice(lines_from(cabinet, kept.place, key=key, at=0), 2)))
    heads: list[str] = json.loads(head)[1]
    first_at = len(first) + len(head)
    begun = Import(
        association_id=by.association_id,
        file_name=file_name,
        place=kept.place,
        key=key,
        heads=json.dumps(heads, ensure_ascii=False),
        columns=guess(heads, pack=pack),
        channel=_first_adopted(pack),
        default_branch=by.branch_id,
        first_at=first_at,
        next_at=first_at,
        total=int(json.loads(first)["rows"]),
        uploaded_by=by.person_id,
        uploaded_at=now,
    )
    session.add(begun)
    return begun


def _first_adopted(pack: Pack) -> Channel:
    """A letter, since that is what a list is; otherwise the first channel that the policy has."""
    adopted = [channel for channel in Channel if pack.adopts(channel.clause)]
    return Channel.LETTER if Channel.LETTER in adopted or not adopted else adopted[0]
