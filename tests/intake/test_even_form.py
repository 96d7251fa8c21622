"""The website's form says to nobody who has a file: for whoever is asked for, it does the same."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.intake.office import NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.rows import count
from tests.intake.test_asking_from_the_website import READING, TYPED, path_of
from tests.intake.visitor import Visitor

OF_THE_TRAIL = {"audit_heads"}
"""An entry begins one of the trail's chains or goes on with it, whoever the entry is about."""
KIND = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b(?:.*?\bFROM|\s+INTO)?\s+\"?(\w+)", re.DOTALL)


@contextmanager
def asked() -> Iterator[Counter[str]]:
    """What is asked of every database meanwhile: how often which kind of statement of which table."""
    found: Counter[str] = Counter()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if (kind := KIND.match(statement)) is not None and kind.group(2) not in OF_THE_TRAIL:
            found[" ".join(kind.groups())] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def send(office: Office, national_id: str) -> Counter[str]:
    """What the form does for this number."""
    visitor = Visitor(office.desk)
    page = await visitor.open(path_of(office))
    office.desk.clock.forward(READING)
    with asked() as found:
        sent = await visitor.send(page, path_of(office), **(TYPED | {"national_id": national_id}))
    assert (sent.status_code, sent.headers["location"]) == (303, "/ask/sent"), sent.text
    return found


@pytest.mark.parametrize("same", [True, False], ids=["who says what his file says", "who says otherwise"])
async def test_the_form_does_the_same_work_for_whom_we_know_and_for_whom_we_do_not(office: Office, same: bool) -> None:  # noqa: FBT001
    """`channel.website`: neither by its time nor by its answer does it tell a stranger who is known."""
    words = TYPED if same else {"name": "نورة الحربي", "mobile": "0555000111"}
    await office.begin(applicant={"national_id": NATIONAL_ID, "name": words["name"], "mobile": words["mobile"]})
    known, unknown = await send(office, NATIONAL_ID), await send(office, OTHER_NATIONAL_ID)
    # One row is written of whoever sends it: in his file where he is new, beside it where he has one.
    assert (known.pop("INSERT registrations"), unknown.pop("INSERT beneficiaries")) == (1, 1)
    assert known == unknown
    assert known["SELECT person_keys"] > 0
    assert await count(office.desk, "SELECT count(*) FROM beneficiaries") == 2
    assert await count(office.desk, "SELECT count(*) FROM registrations") == 1
