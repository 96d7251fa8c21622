"""A refusal says in Arabic what things are called; the code of a closed list stands in no sentence that is read."""

import re
from datetime import date

import pytest

from shared.language import errors
from shared.language.case_lifecycle import MOVES, CaseStatus, move
from shared.language.clauses import Channel, ReviewingBody, Tool
from shared.language.events import CaseClosed, CaseReferred
from shared.language.roles import Role
from shared.language.steps import STEPS, Step
from shared.policy.adopted import pack_of, service_of

CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def test_whatever_a_case_can_be_asked_for_has_its_words() -> None:
    assert {event.type for _, event in MOVES} <= set(STEPS)
    assert [one for one in (*CaseStatus, *Channel, *Tool, *Role, *ReviewingBody) if CODE.search(one.ar)] == []


def test_a_step_out_of_order_is_told_in_words() -> None:
    with pytest.raises(errors.StepOutOfOrder) as refused:
        move(CaseStatus.CLOSED, CaseReferred)
    assert refused.value.sentence("ar").startswith("الطلب في حالة «مغلق» ولا يقبل «رفع الطلب» الآن.")
    assert "“closed”" in refused.value.sentence("en")
    with pytest.raises(errors.StepOutOfOrder) as refused:
        move(None, CaseClosed)
    assert CODE.search(refused.value.sentence("ar")) is None


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (errors.NotAllowed(roles=(Role.DELEGATE, Role.BRANCH_MANAGER)), "مندوب، مدير الفرع"),
        (errors.ToolNotAdopted(tool=Tool.OUTREACH_CALL), "«دليل مكالمة التواصل»"),
        (errors.WrongReviewingBody(body=ReviewingBody.DEPARTMENT), "الإدارة المختصة"),
        (errors.ArrivalOfAnotherChannel(channel=Channel.INTERVIEW), "«مقابلة»"),
        (errors.StepOutOfOrder(status=CaseStatus.DRAFT, event=Step("receipt")), "«مسودة»"),
        (errors.RetentionRuns(until=date(2026, 11, 22)), "1448/06/12هـ – 2026/11/22م"),
    ],
)
def test_what_is_in_the_way_is_called_by_its_name(refusal: errors.Refusal, told: str) -> None:
    assert told in refusal.sentence("ar")
    assert CODE.search(refusal.sentence("ar")) is None
    assert "_" not in refusal.sentence("en")


def test_services_on_offer_are_told_by_their_names() -> None:
    pack = pack_of("jamoum-orphans")
    with pytest.raises(errors.ServiceUnknown) as refused:
        service_of(pack, "؟")
    for service in pack.services:
        assert service.name.ar in refused.value.sentence("ar")
        assert service.id in refused.value.sentence("en"), "for whoever sends codes"
        assert service.id not in refused.value.sentence("ar")
