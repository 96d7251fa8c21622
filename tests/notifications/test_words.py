"""What the messages say, and how."""

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest

from services.notifications.domain.base import Language
from services.notifications.domain.masks import covered, masked
from services.notifications.domain.words import day_words
from services.notifications.templates import FOLDER, read, render
from shared.language import events as e
from shared.language.calendar import riyadh_day
from shared.plumbing.seal import seal
from tests.harness.desk import Desk
from tests.notifications import facts
from tests.notifications.messages import messages

FRAME = {"subject", "text"}
WORDS = {
    "reference": facts.REFERENCE,
    "name": facts.NAME,
    "association": "جمعية",
    "today": "1448/06/12هـ",
}
OWN = {
    "case_received": set[str](),
    "case_found_incomplete": {"missing"},
    "clarification_answered": {"answer"},
    "case_referred": {"referred_on", "answer_on"},
    "case_referred.department": {"referred_on"},
    "case_appealed": {"referred_on", "answer_on"},
    "case_appealed.department": {"referred_on"},
    "case_returned": {"missing"},
    "case_answered.accepted": {"reason"},
    "case_answered.rejected": {"reason"},
    "case_registered": set[str](),
    "case_delivered": {"delivered_on"},
    "delivery_planned": {"planned_for", "place"},
    "delivery_code_made": {"code"},
    "benefit_follow_up_due": set[str](),
    "proposal_sent.document_expiring": {"document", "due_on"},
    "proposal_sent.service_fits": {"service"},
    "papers_running_out": {"papers", "first_on"},
    "case_withdrawn": set[str](),
    "case_expired": set[str](),
    "survey_invited": {"code", "survey_place"},
}


@pytest.mark.parametrize(("template", "medium", "language"), list(product(OWN, e.Medium, Language)))
def test_every_template_says_what_it_has_to_in_both_languages_and_media(
    template: str, medium: e.Medium, language: Language
) -> None:
    name, _, variant = template.partition(".")
    words = WORDS | {blank: f"<{blank}>" for blank in OWN[template]}
    subject, body = render(name, variant=variant or None, medium=medium, language=language, words=words)
    assert bool(subject) == (medium is e.Medium.EMAIL)
    assert facts.REFERENCE in body or template == "survey_invited"
    assert all(f"<{blank}>" in body for blank in OWN[template])
    assert "$" not in subject + body
    # A subject is read on a locked screen.
    assert not any(f"<{blank}>" in subject for blank in OWN[template])


def test_a_blank_that_nobody_fills_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError, match="reason"):
        render("case_answered", variant="accepted", medium=e.Medium.SMS, language=Language.ARABIC, words=WORDS)


def test_no_template_lies_unused_and_none_has_a_link() -> None:
    files = {path.name.removesuffix(".txt") for path in Path(FOLDER).glob("*.txt")}
    due = {f"{template}.{medium}.{language}" for template, medium, language in product(OWN, e.Medium, Language)}
    assert files == due | {f"frame.email.{language}" for language in Language}
    assert not [name for name in files if "http" in read(name).template or "www" in read(name).template]


def test_no_sms_names_the_person() -> None:
    for template, language in product(OWN, Language):
        assert "name" not in read(f"{template}.sms.{language}").get_identifiers()


async def test_the_committee_notice_carries_both_days_in_both_calendars(notifications: Desk) -> None:
    await notifications.hear(facts.received(), facts.referred())
    for message in await messages(notifications, template="case_referred"):
        assert "1448/06/12هـ الموافق 2026/11/22م" in message.body
        assert "1448/06/26هـ الموافق 2026/12/06م" in message.body
        assert "لجنة البحث" in message.body
        assert "لا تقل عن أسبوعين" in message.body


async def test_an_english_notice_carries_both_days_too(notifications: Desk) -> None:
    await notifications.hear(facts.received(language="en"), facts.referred(e.CaseAppealed))
    for message in await messages(notifications, template="case_appealed"):
        assert "2026/11/22 (1448/06/12 AH)" in message.body
        assert "2026/12/06 (1448/06/26 AH)" in message.body
        assert "no less than two weeks" in message.body


async def test_without_a_floor_the_department_that_owns_the_service_studies_it(notifications: Desk) -> None:
    await notifications.hear(facts.received(), facts.referred(floor=0))
    for message in await messages(notifications, template="case_referred"):
        assert "الإدارة صاحبة الخدمة" in message.body
        assert "لجنة" not in message.body
        assert "أسبوعين" not in message.body


async def test_what_is_missing_comes_as_one_list_by_the_names_of_the_checklist(notifications: Desk) -> None:
    await notifications.hear(facts.received(), e.CaseFoundIncomplete(**facts.NAMES, missing=("lease", "a letter")))
    for message in await messages(notifications, template="case_found_incomplete"):
        assert "عقد الإيجار، a letter" in message.body


async def test_papers_that_run_out_are_told_together_with_the_first_day(notifications: Desk) -> None:
    warned = e.PapersRunningOut(**facts.NAMES, papers=("national_id", "income_statement"), first_on=date(2026, 12, 6))
    await notifications.hear(facts.received(), warned)
    told = await messages(notifications, template="papers_running_out")
    assert len({message.medium for message in told}) == len(told)
    for message in told:
        assert "الهوية الوطنية، تعريف بدخل الأسرة" in message.body
        assert "1448/06/26هـ الموافق 2026/12/06م" in message.body


async def test_an_answer_and_a_reason_are_said_in_clear_to_the_applicant(notifications: Desk) -> None:
    clarified = e.ClarificationAnswered(**facts.NAMES, clarification_id="q", answer=seal("يكفي $تعريف الدخل."))
    await notifications.hear(facts.received(), clarified, facts.answered(e.Outcome.REJECTED))
    for message in await messages(notifications, template="clarification_answered"):
        assert "يكفي $تعريف الدخل." in message.body
    for message in await messages(notifications, template="case_answered"):
        assert "الحاجة ثابتة." in message.body
        assert "عدم قبوله" in message.body


async def test_an_invitation_has_the_code_and_says_that_evaluating_is_his_right(notifications: Desk) -> None:
    await notifications.hear(facts.received(), facts.invited())
    for message in await messages(notifications, template="survey_invited"):
        assert facts.CODE in message.body
        assert "تقييم الخدمة حق" in message.body


def test_a_day_is_riyadhs() -> None:
    late = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
    assert day_words(riyadh_day(late), language=Language.ENGLISH) == "2026/11/22 (1448/06/12 AH)"
    assert day_words(date(2026, 11, 22), language=Language.ARABIC) == "1448/06/12هـ الموافق 2026/11/22م"


def test_masks_leave_enough_to_recognise_and_too_little_to_call() -> None:
    assert masked(facts.MOBILE) == "+9665••••123"
    assert masked(facts.EMAIL) == "n••••@example.sa"
    assert masked("911") == "••••11"
    assert covered(f"اتصل على {facts.MOBILE} أو ٠٥١٢٣٤٥٦٧٨", secrets=(None,)) == "اتصل على ••• أو •••"
    assert covered(facts.REFERENCE, secrets=()) == facts.REFERENCE
