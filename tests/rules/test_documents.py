"""A paper counts by its own expiry and by its age, up to and with its last day; what was asked for again is new."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.documents import (
    Document,
    check_document,
    check_still_valid,
    missing_documents,
    valid_until,
)
from shared.language.clauses import Clause
from shared.language.errors import DocumentExpired, DocumentNotOnChecklist
from shared.policy.adopted import pack_of
from shared.policy.pack import Service

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def sponsorship() -> Service:
    """Identity card and death certificate by their own expiry, income for ninety days, a lease where there is one."""
    service = pack_of("jamoum-orphans").service("monthly_sponsorship")
    assert service is not None
    return service


def paper(kind: str, **changes: Any) -> Document:
    facts = {"case_id": "case-1", "issued_on": TODAY, "recorded_by": "officer-1", "recorded_at": NOON} | changes
    return Document(kind=kind, **facts)


def all_required() -> list[Document]:
    return [paper("national_id"), paper("father_death_certificate"), paper("income_statement")]


def missing(
    documents: list[Document], *asked_again: str, given: list[Document] | None = None, today: date = TODAY
) -> tuple[str, ...]:
    there = [document.id for document in given or []]
    return missing_documents(
        documents, service=sponsorship(), today=today, asked_again=asked_again, given_when_asked=there
    )


@pytest.mark.parametrize(
    ("kind", "issued_on", "expires_on", "last_day"),
    [
        ("national_id", date(2020, 1, 1), date(2027, 3, 1), date(2027, 3, 1)),
        ("national_id", date(2020, 1, 1), None, date.max),
        ("income_statement", date(2026, 11, 1), None, date(2027, 1, 30)),
        ("income_statement", date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 1)),
        ("income_statement", date(2026, 11, 1), date(2030, 1, 1), date(2027, 1, 30)),
    ],
)
def test_a_paper_ends_by_its_own_expiry_or_by_its_age_whichever_is_first(
    kind: str, issued_on: date, expires_on: date | None, last_day: date
) -> None:
    demand = next(demand for demand in sponsorship().documents if demand.kind == kind)
    document = paper(kind, issued_on=issued_on, expires_on=expires_on)
    assert valid_until(document, demand) == last_day


@pytest.mark.parametrize(
    "document",
    [
        paper("national_id", issued_on=date(2020, 1, 1), expires_on=TODAY),
        paper("income_statement", issued_on=TODAY - 90 * DAY),
        paper("lease", issued_on=date(2020, 1, 1), expires_on=TODAY),
    ],
    ids=lambda document: document.kind,
)
def test_the_last_valid_day_counts_and_the_day_after_does_not(document: Document) -> None:
    check_document(document, service=sponsorship(), today=TODAY)
    with pytest.raises(DocumentExpired) as refused:
        check_document(document, service=sponsorship(), today=TODAY + DAY)
    assert refused.value.clause is Clause.STEP_COMPLETENESS
    assert refused.value.facts["expired_on"] == TODAY


def test_a_paper_off_the_checklist_is_refused_with_the_checklist() -> None:
    with pytest.raises(DocumentNotOnChecklist, match="national_id, father_death_certificate, income_statement, lease"):
        check_document(paper("passport"), service=sponsorship(), today=TODAY)


def test_what_is_required_is_missed_in_the_order_of_the_checklist() -> None:
    assert missing([]) == ("national_id", "father_death_certificate", "income_statement")
    assert missing([paper("father_death_certificate")]) == ("national_id", "income_statement")


def test_what_is_optional_is_not_missed_absent_or_lapsed() -> None:
    assert missing(all_required()) == ()
    assert missing([*all_required(), paper("lease", expires_on=TODAY - DAY)]) == ()


def test_a_required_paper_that_ran_out_is_missed() -> None:
    papers = all_required()
    assert missing(papers, today=TODAY + 90 * DAY) == ()
    assert missing(papers, today=TODAY + 91 * DAY) == ("income_statement",)


def test_the_newest_paper_of_a_kind_takes_the_place_of_the_others() -> None:
    lapsed = paper("national_id", issued_on=date(2020, 1, 1), expires_on=TODAY - DAY)
    assert missing([lapsed, *all_required()]) == ()
    assert missing([*all_required(), lapsed]) == ("national_id",)


@pytest.mark.parametrize("kind", ["national_id", "income_statement", "lease"])
def test_what_the_body_asked_for_has_to_have_been_given_since(kind: str) -> None:
    papers = [*all_required(), paper("lease")]
    assert missing(papers, kind, given=papers) == (kind,)
    assert missing([*papers, paper(kind)], kind, given=papers) == ()


def test_a_clock_that_went_back_since_does_not_make_what_was_given_old() -> None:
    papers = all_required()
    assert missing([*papers, paper("national_id", recorded_at=NOON - DAY)], "national_id", given=papers) == ()


def test_an_optional_paper_that_the_body_asked_for_is_missed_while_it_is_absent() -> None:
    assert missing(all_required(), "lease") == ("lease",)


def test_a_newer_paper_that_has_run_out_is_missed_however_new() -> None:
    late = paper("national_id", expires_on=TODAY - DAY, recorded_at=NOON + DAY)
    assert missing([*all_required(), late], "national_id") == ("national_id",)


def of_two_statements() -> Service:
    """The same checklist with two statements of income, and two leases where there are any."""
    more = {"income_statement": 2, "lease": 2}
    service = sponsorship()
    demands = [one.model_copy(update={"at_least": more.get(one.kind, 1)}) for one in service.documents]
    return service.model_copy(update={"documents": tuple(demands)})


def missing_of_two(documents: list[Document], *asked_again: str, given: list[Document] | None = None) -> set[str]:
    there = [document.id for document in given or []]
    return set(
        missing_documents(
            documents,
            service=of_two_statements(),
            today=TODAY,
            asked_again=asked_again,
            given_when_asked=there,
        )
    )


def test_an_item_of_several_papers_is_whole_with_all_of_them() -> None:
    assert missing_of_two(all_required()) == {"income_statement"}
    assert missing_of_two([*all_required(), paper("income_statement")]) == set()


def test_of_several_papers_a_newer_one_takes_the_place_of_the_oldest() -> None:
    old = paper("income_statement", issued_on=TODAY - 91 * DAY)
    others = [paper("national_id"), paper("father_death_certificate")]
    assert missing_of_two([*others, old, paper("income_statement")]) == {"income_statement"}
    assert missing_of_two([*others, old, paper("income_statement"), paper("income_statement")]) == set()


def test_half_of_an_optional_item_is_held_against_nobody_until_the_body_asks_for_it() -> None:
    documents = [*all_required(), paper("income_statement"), paper("lease")]
    assert missing_of_two(documents) == set()
    assert missing_of_two(documents, "lease", given=documents) == {"lease"}
    assert missing_of_two([*documents, paper("lease")], "lease", given=documents) == set()


def test_before_the_referral_every_paper_that_counts_is_valid() -> None:
    others = [paper("national_id"), paper("father_death_certificate")]
    old = paper("income_statement", issued_on=TODAY - 91 * DAY)
    with pytest.raises(DocumentExpired):
        check_still_valid([*others, old, paper("income_statement")], service=of_two_statements(), today=TODAY)
    replaced = [*others, old, paper("income_statement"), paper("income_statement")]
    check_still_valid(replaced, service=of_two_statements(), today=TODAY)
