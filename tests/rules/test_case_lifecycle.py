"""Every pair of a status and an event: allowed exactly as written here, refused in words everywhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.case_lifecycle import ENDED, CaseStatus, move, picture
from shared.language.clauses import Clause
from shared.language.errors import StepOutOfOrder
from shared.language.events import EVENTS, CaseEvent
from shared.language.steps import STEPS

MAIN_WAY = """
    nothing             --case.drafted-->           draft
    draft               --case.received-->          received
    received            --case.found_incomplete-->  incomplete
    received            --case.completed-->         complete
    incomplete          --case.completed-->         complete
    complete            --case.attested-->          attested
    attested            --case.referred-->          referred
    referred            --case.decided-->           decided
    decided             --case.answered-->          answered
    answered            --case.registered-->        registered
    registered          --case.delivered-->         delivered
    delivered           --case.closed-->            closed
"""
THE_SHORTER_WAY_OF_A_PACK_WITHOUT_ATTESTATION = "complete --case.referred--> referred"
RETURNS = """
    incomplete          --case.found_incomplete-->  incomplete
    complete            --case.found_incomplete-->  incomplete
    attested            --case.found_incomplete-->  incomplete
    referred            --case.returned-->          incomplete
"""
SIGNED_AGAIN_FOR_CHANGED_DATA = "attested --case.attested--> attested"
THE_STUDY = "referred --case.studied--> referred"
AROUND_DELIVERY = """
    registered          --delivery.planned-->       registered
    registered          --delivery.code_made-->     registered
    registered          --case.part_delivered-->    registered
    delivered           --benefit.follow_up_due-->  delivered
    delivered           --benefit.documented-->     delivered
"""
A_REJECTION_ENDS_OR_IS_APPEALED = """
    answered            --case.closed-->            closed
    answered            --case.appealed-->          referred
"""
LEFT_INCOMPLETE = "incomplete --case.expired--> expired"
CROSSING_A_WITHDRAWAL = """
    withdrawn           --case.studied-->           withdrawn
    withdrawn           --case.returned-->          withdrawn
    withdrawn           --case.decided-->           withdrawn
    withdrawn           --case.answered-->          withdrawn
"""
BEFORE_REFERRAL = ["draft", "received", "incomplete", "complete", "attested"]
BEFORE_DELIVERY = [*BEFORE_REFERRAL, "referred", "decided", "answered", "registered"]
HANDED_IN = [*BEFORE_DELIVERY[1:], "delivered"]
OVER = ["closed", "withdrawn", "expired"]

WHEREVER_IT_STANDS = ["case.transferred", "transfer.refused", "transfer.revoked"]
WHEREVER_IT_STANDS += ["proposal.sent", "proposal.acted_on", "proposal.dismissed"]
WHILE_IT_IS_OPEN = ["transfer.asked", "case.assigned"]

Moves = dict[tuple[str, str], str]


def written(*tables: str) -> Moves:
    lines = [line for table in tables for line in table.strip().splitlines()]
    parts = [line.replace("--", " ").replace(">", " ").split() for line in lines]
    return {(start, event): end for start, event, end in parts}


EXPECTED = (
    written(
        MAIN_WAY,
        THE_SHORTER_WAY_OF_A_PACK_WITHOUT_ATTESTATION,
        RETURNS,
        SIGNED_AGAIN_FOR_CHANGED_DATA,
        THE_STUDY,
        AROUND_DELIVERY,
        A_REJECTION_ENDS_OR_IS_APPEALED,
        LEFT_INCOMPLETE,
        CROSSING_A_WITHDRAWAL,
    )
    | {(status, "case.withdrawn"): "withdrawn" for status in BEFORE_DELIVERY}
    | {(status, "clarification.asked"): status for status in HANDED_IN}
    | {(status, "clarification.answered"): status for status in HANDED_IN + OVER}
    | {(status, "tool.consulted"): status for status in ["draft", *HANDED_IN, *OVER]}
    | {(status, "case.made_confidential"): status for status in ["draft", *HANDED_IN, *OVER]}
    | {(status, "case.made_open"): status for status in ["draft", *HANDED_IN, *OVER]}
    | {(status, event): status for status in ["draft", *HANDED_IN, *OVER] for event in WHEREVER_IT_STANDS}
    | {(status, event): status for status in ["draft", *HANDED_IN] for event in WHILE_IT_IS_OPEN}
)

KINDS = {kind.type: kind for kind in EVENTS.values() if issubclass(kind, CaseEvent)}
STATUSES: list[CaseStatus | None] = [None, *CaseStatus]
PAIRS = [(status, kind) for status in STATUSES for kind in KINDS.values()]


def name(status: CaseStatus | None) -> str:
    return "nothing" if status is None else status.value


def test_the_expectation_speaks_of_statuses_and_events_that_exist() -> None:
    statuses = {name(status) for status in STATUSES}
    assert {start for start, _ in EXPECTED} | set(EXPECTED.values()) <= statuses
    assert {event for _, event in EXPECTED} <= set(KINDS)


@pytest.mark.parametrize(("status", "kind"), PAIRS, ids=lambda value: getattr(value, "type", None) or name(value))
def test_every_pair_moves_or_is_refused_as_written(status: CaseStatus | None, kind: type[CaseEvent]) -> None:
    expected = EXPECTED.get((name(status), kind.type))
    if expected is not None:
        assert move(status, kind) == expected
        return
    with pytest.raises(StepOutOfOrder) as refused:
        move(status, kind)
    refusal = refused.value
    assert refusal.facts["event"] == kind.type
    assert refusal.facts["status"] == ("-" if status is None else status.value)
    assert STEPS[kind.type] in refusal.sentence("ar")
    assert kind.type in refusal.sentence("en")
    assert (refusal.clause in kind.clauses) if kind.clauses else (refusal.clause is None)


def test_a_signature_before_the_check_is_refused_by_status_event_and_clause() -> None:
    with pytest.raises(StepOutOfOrder, match=r"received.*case\.attested") as refused:
        move(CaseStatus.RECEIVED, KINDS["case.attested"])
    assert refused.value.clause is Clause.STEP_ATTESTATION


def test_what_stands_beside_the_way_moves_nothing() -> None:
    beside = {"clarification.asked", "clarification.answered", "tool.consulted"}
    beside |= {"case.made_confidential", "case.made_open"}
    assert all(start == end for (start, event), end in EXPECTED.items() if event in beside)


def test_what_others_tell_of_messages_and_surveys_never_moves_a_case() -> None:
    assert not {event for _, event in EXPECTED} & {kind for kind in KINDS if kind.startswith(("message.", "survey."))}


@given(st.lists(st.sampled_from(list(KINDS.values())), max_size=40))
def test_any_sequence_of_events_moves_by_the_table_or_is_refused(kinds: list[type[CaseEvent]]) -> None:
    status: CaseStatus | None = None
    for kind in kinds:
        expected = EXPECTED.get((name(status), kind.type))
        try:
            moved = move(status, kind)
        except StepOutOfOrder:
            assert expected is None
            continue
        assert moved == expected
        if status in ENDED:
            assert moved is status
        status = moved


@given(st.sampled_from(sorted(ENDED)), st.sampled_from(list(KINDS.values())))
def test_an_ended_case_never_moves_again(status: CaseStatus, kind: type[CaseEvent]) -> None:
    try:
        assert move(status, kind) is status
    except StepOutOfOrder:
        assert (status.value, kind.type) not in EXPECTED


def test_every_status_is_reached() -> None:
    reached, found = {"nothing"}, -1
    while found != len(reached):
        found = len(reached)
        reached |= {end for (start, _), end in EXPECTED.items() if start in reached}
    assert reached == {name(status) for status in STATUSES}


def test_a_case_can_end_from_every_status() -> None:
    ending = set(OVER)
    for _ in STATUSES:
        ending |= {start for (start, _), end in EXPECTED.items() if end in ending}
    assert ending == {name(status) for status in STATUSES}


def test_the_picture_has_an_arrow_for_each_move_and_no_other() -> None:
    first, *lines = picture().splitlines()
    assert first == "stateDiagram-v2"
    arrows = dict(line.strip().split(": ") for line in lines if ": " in line)
    drawn = {
        (arrow.split(" --> ")[0].replace("[*]", "nothing"), event): arrow.split(" --> ")[1]
        for arrow, events in arrows.items()
        for event in events.split(", ")
    }
    assert drawn == {pair: end for pair, end in EXPECTED.items() if pair[0] != end}
    assert {line.strip() for line in lines if ": " not in line} == {f"{status} --> [*]" for status in OVER}
