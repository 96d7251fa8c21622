"""The lists of the desk read an index in its order: a page costs the same however much there is."""

from typing import Any

import pytest

from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from tests.harness.plans import plan_of, statements_of
from tests.intake.library import RESEARCHER, publish
from tests.intake.office import Office

DELEGATE: dict[str, Any] = {"role": Role.DELEGATE, "branch": "hada_sham"}


@pytest.mark.parametrize(
    ("path", "table", "who"),
    [
        ("/api/v1/contacts", "first_contacts", {}),
        ("/api/v1/contacts", "first_contacts", DELEGATE),
        ("/api/v1/calls", "first_contacts", {}),
        ("/api/v1/calls", "first_contacts", DELEGATE),
        ("/api/v1/calls?after=1795000000000000.a", "first_contacts", DELEGATE),
        ("/api/v1/letters", "letters", {}),
        ("/api/v1/letters", "letters", DELEGATE),
        ("/api/v1/clarifications/waiting", "clarification_terms", RESEARCHER),
        ("/api/v1/clarifications/waiting?after=1795000000000000.a", "clarification_terms", RESEARCHER),
        ("/api/v1/delivery-plans", "delivery_plans", {}),
        ("/api/v1/delivery-plans", "delivery_plans", DELEGATE),
        ("/api/v1/guide", "guide_entries", {}),
    ],
)
async def test_a_page_is_read_from_an_index_in_its_order(
    office: Office, path: str, table: str, who: dict[str, Any]
) -> None:
    database = office.desk.runtime.database
    async with statements_of(database) as asked:
        await office.get(path, **who)
    of_table = [(statement, values) for statement, values in asked if f"FROM {table} " in statement.replace("\n", " ")]
    assert of_table
    async with database.read(scope=EVERYTHING) as session:
        for statement, values in of_table:
            plan = await plan_of(session, statement, values, sqlite=True)
            assert f"SEARCH {table} USING" in plan, plan
            assert "TEMP B-TREE" not in plan, plan


async def test_a_search_reads_the_words_that_are_asked_for_and_no_others(office: Office) -> None:
    await publish(office, "bylaws", "تُصرف الإعانات بقرار من لجنة البحث الاجتماعي.")
    database = office.desk.runtime.database
    async with statements_of(database) as asked:
        await office.get("/api/v1/library?q=abc")
    ((statement, values),) = [one for one in asked if "FROM passage_words" in one[0].replace("\n", " ")]
    async with database.read(scope=EVERYTHING) as session:
        plan = await plan_of(session, statement, values, sqlite=True)
    assert "SEARCH passage_words USING" in plan
    assert "(association_id=? AND word=?)" in plan
