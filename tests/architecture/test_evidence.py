"""Every clause can be shown kept, by facts as the services really tell them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.language import events as e
from shared.language.clauses import Channel, Clause, ReviewingBody, Tool
from shared.language.events import EVENTS, Event, SealedText

NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)
SEALED = SealedText("sealed")
OWNER = {"association_id": "jamoum-orphans"}
CASE = {**OWNER, "case_id": "case-1", "reference": "JMM-2026-000001"}
MESSAGE = {**CASE, "message_id": "m-1", "medium": e.Medium.SMS}
RECEPTION = e.Reception(started_at=NOON, ended_at=NOON + timedelta(minutes=20), questions_answered=3)
PLACE = {"branch_id": "jamoum", "service_id": "school_kit"}
REFERRAL = {
    **CASE,
    **PLACE,
    "round": 1,
    "department_id": "education",
    "reviewing_body": ReviewingBody.COMMITTEE,
    "referred_at": NOON,
    "floor_days": 14,
    "answer_not_before": NOON + timedelta(days=14),
    "file": SEALED,
}
RELATION = {**OWNER, "relation_id": "r-1", "party": e.Party.SUPPORTER}
PERSON = {**OWNER, "subject_id": "person-1"}
RIGHTS = {**PERSON, "request_id": "request-1", "right": e.Right.ACCESS}
IMPROVEMENT = {**OWNER, "improvement_id": "i-1", "found_by": "survey"}


def received(channel: Channel) -> e.CaseReceived:
    return e.CaseReceived(
        **CASE, **PLACE, department_id="education", channel=channel, contact=SEALED, reception=RECEPTION
    )


def answered(*, after_days: int, floor_days: int) -> e.CaseAnswered:
    return e.CaseAnswered(
        **CASE,
        round=1,
        outcome=e.Outcome.ACCEPTED,
        reason=SEALED,
        referred_at=NOON,
        answered_at=NOON + timedelta(days=after_days),
        floor_days=floor_days,
    )


SAMPLES: list[Event] = [
    e.CaseDrafted(**CASE, **PLACE, channel=Channel.PHONE),
    *(received(channel) for channel in Channel),
    e.CaseFoundIncomplete(**CASE, missing=("lease",)),
    e.CaseCompleted(**CASE, documents_checked=3),
    e.ClarificationDue(**CASE, clarification_id="c-1", due_at=NOON, overdue=False),
    e.ContactTaken(**OWNER, contact_id="contact-1", branch_id="jamoum", channel=Channel.PHONE),
    e.ContactConverted(**CASE, contact_id="contact-1", channel=Channel.PHONE),
    e.PapersRunningOut(**CASE, papers=("national_id", "lease"), first_on=date(2026, 12, 7)),
    e.ClarificationAsked(**CASE, clarification_id="c-1"),
    e.ClarificationAnswered(**CASE, clarification_id="c-1", answer=SEALED, misconception_corrected=True),
    e.CaseAttested(**CASE, text_version="1", data_digest="digest"),
    e.CaseReferred(**REFERRAL),
    e.CaseAppealed(**REFERRAL),
    e.CaseStudied(**CASE, round=1),
    e.CaseReturned(**CASE, round=1, missing=("lease",)),
    e.CaseDecided(**CASE, round=1, held_until=NOON),
    answered(after_days=14, floor_days=14),
    e.CaseRegistered(**CASE),
    e.CaseDelivered(**CASE, service_id="school_kit", delivered_on=date(2026, 12, 7)),
    e.BenefitFollowUpDue(**CASE),
    e.BenefitDocumented(**CASE, useful=True),
    e.CaseClosed(**CASE, ending=e.Ending.SERVED, department_id="education"),
    e.CaseWithdrawn(**CASE, department_id="education"),
    e.CaseExpired(**CASE),
    *(e.ToolConsulted(**CASE, tool=tool, edition="1") for tool in Tool),
    e.CaseMadeConfidential(**CASE, branch_id="jamoum", named=("manager-1",)),
    e.CaseMadeOpen(**CASE),
    *(
        kind(**CASE, transfer_id="t-1", from_branch="hada_sham", to_branch="jamoum")
        for kind in (e.TransferAsked, e.TransferRefused, e.TransferRevoked)
    ),
    e.CaseTransferred(**CASE, from_branch="hada_sham", to_branch="jamoum", transfer_id="t-1"),
    e.CaseLocated(**OWNER, case_id="case-1", branch_id="jamoum"),
    e.CaseAssigned(**CASE, branch_id="jamoum", person_id="delegate-1"),
    *(
        kind(**OWNER, closing_id="b-1", from_branch="hada_sham", to_branch="jamoum", cases=3)
        for kind in (e.BranchClosingBegun, e.BranchClosed)
    ),
    e.DeliveryPlanned(**CASE, planned_for=date(2026, 12, 6), place=SEALED),
    e.DeliveryCodeMade(**CASE, code=SEALED),
    e.CasePartDelivered(**CASE, service_id="school_kit", delivered_on=date(2026, 12, 7)),
    *(
        kind(**CASE, proposal_id="p-1", kind=e.ProposalKind.SERVICE_FITS)
        for kind in (e.ProposalSent, e.ProposalActedOn, e.ProposalDismissed)
    ),
    e.PolicyCirculated(**OWNER, circulation_id="p-1", edition="2"),
    e.PolicyAcknowledged(**OWNER, circulation_id="p-1", person_id="officer-1"),
    *(e.MessageSent(**MESSAGE, template=template) for template in e.TEMPLATE_CLAUSES),
    e.MessageFailed(**MESSAGE, template="case_answered", reason="unknown_number"),
    e.MessageWithheld(**CASE, template="proposal_sent"),
    e.SurveyInvited(**CASE, invitation_id="s-1", ending=e.Ending.SERVED, code=SEALED),
    e.SurveyAnswered(**CASE, department_id="education"),
    e.ComplaintReceived(**RELATION),
    e.ComplaintResolved(**RELATION),
    e.SuggestionReceived(**RELATION),
    e.ContactShown(**RELATION, reason=SEALED),
    e.ApplicantShown(**CASE, fields=("mobile",), reason=SEALED),
    e.PersonCorrected(**PERSON, contact=SEALED),
    e.PersonErased(**PERSON, case_ids=("case-1",)),
    e.PersonShown(**PERSON, fields=("iban",), reason=SEALED),
    e.PersonRegistered(**PERSON, branch_id="jamoum", new=True),
    e.PeopleMerged(**PERSON, merged_id="person-2"),
    e.MergeUndone(**PERSON, merged_id="person-2"),
    e.RightsRequested(**RIGHTS, due_at=NOON),
    e.RightsExtended(**RIGHTS, due_at=NOON),
    e.RightsDue(**RIGHTS, due_at=NOON),
    e.RightsAnswered(**RIGHTS, fulfilled=True),
    e.DepartmentEvaluated(
        **OWNER, evaluation_id="v-1", department_id="education", by_department_id="sponsorship", overall=4
    ),
    e.ImprovementOpened(**IMPROVEMENT, due_on=date(2026, 12, 7)),
    e.ImprovementCompleted(**IMPROVEMENT),
    e.SessionEnded(**OWNER, session_id="s-1", person_id="p-1", tokens_end_at=NOON),
    e.ApplicantCodeMade(
        **OWNER,
        code_id="c-1",
        purpose=e.CodePurpose.FOLLOW,
        language="ar",
        mobile=SEALED,
        code=SEALED,
        ends_at=NOON,
    ),
    e.SignInCodeMade(**OWNER, code_id="c-1", person_id="p-1", mobile=SEALED, code=SEALED, ends_at=NOON),
]


def test_there_is_a_sample_of_every_event() -> None:
    assert {(sample.type, sample.version) for sample in SAMPLES} == set(EVENTS)


@pytest.mark.parametrize("clause", Clause)
def test_some_fact_shows_the_clause_kept(clause: Clause) -> None:
    assert any(clause in sample.evidence() for sample in SAMPLES)


@pytest.mark.parametrize("channel", Channel)
def test_a_request_shows_its_own_channel_alone(channel: Channel) -> None:
    shown = {clause for clause in received(channel).evidence() if clause.value.startswith("channel.")}
    assert shown == {channel.clause}


@pytest.mark.parametrize(
    ("after_days", "floor_days", "kept"), [(14, 14, True), (15, 14, True), (13, 14, False), (30, 0, False)]
)
def test_an_answer_shows_the_two_weeks_kept_only_where_they_were(
    after_days: int, floor_days: int, *, kept: bool
) -> None:
    evidence = answered(after_days=after_days, floor_days=floor_days).evidence()
    assert (Clause.STEP_COMMITTEE_NOTICE in evidence) is kept
    assert Clause.ELIGIBILITY_ANSWER in evidence


def test_a_reception_without_anyone_to_receive_shows_no_reception() -> None:
    alone = received(Channel.WEBSITE).model_copy(update={"reception": None})
    assert Clause.STEP_RECEPTION not in alone.evidence()
    assert Clause.GOAL_FROM_WHERE_HE_IS in alone.evidence()


@pytest.mark.parametrize("party", e.Party)
def test_relations_with_others_than_beneficiaries_show_the_parties_of_the_policy(party: e.Party) -> None:
    complaint = e.ComplaintReceived(**(RELATION | {"party": party}))
    assert (Clause.POLICY_PARTIES in complaint.evidence()) is (party is not e.Party.BENEFICIARY)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.type)
def test_a_fact_says_what_it_happened_to(sample: Event) -> None:
    assert sample.key
