"""Whoever follows his own request on the public page stands in its trail, each time."""

from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.audit.tables import entries
from tests.audit.book import kept
from tests.intake.office import Office
from tests.intake.test_following import prove
from tests.intake.visitor import Visitor


async def test_each_look_at_his_request_stands_in_the_chain_of_his_case(office: Office) -> None:
    desk = office.desk
    desk.runtime.own_settings = desk.runtime.own_settings.model_copy(update={"texted_codes": True})
    case = await office.walk(to=CaseStatus.RECEIVED)
    await prove(Visitor(desk), office, case["reference"])
    looks = await kept(desk.runtime.database, entries.c.person_id == "applicant", entries.c.kind == "looked")
    assert {(look.act, look.chain) for look in looks} == {("show_follow", f"case:{case['id']}")}
