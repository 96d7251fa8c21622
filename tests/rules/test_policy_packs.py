"""The five packs carry exactly what their documents print, and tell it in both languages."""

import re
from datetime import date
from io import StringIO
from typing import Literal

import pytest
from hijridate import Hijri
from pydantic import ValidationError
from rich.console import Console

from shared.language.clauses import Channel, Clause, ReviewingBody, Tool
from shared.policy.describe import describe
from shared.policy.pack import Pack, load_packs
from shared.policy.wording import CLAUSE_WORDS

KHARJ = "kharj-dawah"
THE_OTHER_FOUR = ("qurayyat-prisoners", "jamoum-orphans", "najran-consumers", "makkah-little-hearts")
ALL_FIVE = (KHARJ, *THE_OTHER_FOUR)

KHARJ_CHANNELS = ("interview", "phone", "social", "letter", "volunteering", "website")
CHANNELS = ("interview", "phone", "social", "letter", "help_request", "volunteering", "website", "delegate")
KHARJ_TOOLS = ("bylaws", "support_request", "outreach_call", "social_contact")
TOOLS = ("bylaws", "research_guide", "support_guide", "support_request")
KHARJ_STEPS = {"reception", "completeness", "clarification", "registration", "delivery"}
STEPS = KHARJ_STEPS | {"attestation", "committee_notice"}
ELIGIBILITY = {"form", "routing", "verification", "answer", "benefit"}
PROMISES = {
    "goal.ease",
    "goal.electronic",
    "goal.answers",
    "goal.from_where_he_is",
    "goal.proactive",
    "goal.satisfaction",
    "goal.trust.facts",
    "goal.trust.impression",
    "goal.trust.evaluation_right",
    "goal.trust.all_departments",
    "goal.trust.improvement",
    "policy.parties",
    "policy.review",
}

FACTS = {
    # pack: code, licence, founded, meeting, Gregorian, Hijri
    KHARJ: ("KHJ", "3180", None, "5", date(2022, 11, 16), "1444-03-16"),
    "qurayyat-prisoners": ("QRY", None, 2020, "4", date(2022, 2, 8), None),
    "jamoum-orphans": ("JMM", "5343", None, "2", date(2024, 3, 6), None),
    "najran-consumers": ("NJR", None, None, "2", date(2022, 11, 2), "1444-04-08"),
    "makkah-little-hearts": ("MLH", "2337", None, "3", date(2023, 8, 10), "1445-01-23"),
}

NAMES = {
    KHARJ: "جمعية الدعوة والإرشاد وتنمية الجاليات بمحافظة الخرج",
    "qurayyat-prisoners": "جمعية العون لرعاية السجناء بالقريات",
    "jamoum-orphans": "جمعية رعاية الأيتام بالجموم",
    "najran-consumers": "جمعية حماية المستهلك بنجران",
    "makkah-little-hearts": "جمعية الرعاية الصحية لأمراض القلب لدى الأطفال (القلوب الصغيرة)",
}


def adopted(pack: Pack, group: str) -> set[str]:
    return {clause.removeprefix(f"{group}.") for clause in pack.clauses if clause.startswith(f"{group}.")}


def test_the_five_packs_load_by_their_ids() -> None:
    assert set(load_packs()) == set(ALL_FIVE)
    assert all(load_packs()[pack].id == pack for pack in ALL_FIVE)


@pytest.mark.parametrize("pack_id", ALL_FIVE)
def test_a_pack_carries_the_facts_of_its_document(pack_id: str) -> None:
    pack = load_packs()[pack_id]
    code, licence, founded, meeting, gregorian, hijri = FACTS[pack_id]
    approval = pack.document.approval
    assert pack.association.name.ar == NAMES[pack_id]
    assert (pack.association.code, pack.association.licence, pack.association.founded) == (code, licence, founded)
    assert (approval.meeting, approval.gregorian, approval.hijri) == (meeting, gregorian, hijri)


@pytest.mark.parametrize("pack_id", THE_OTHER_FOUR)
def test_four_packs_adopt_what_their_documents_print(pack_id: str) -> None:
    pack = load_packs()[pack_id]
    assert pack.channels == tuple(Channel(channel) for channel in CHANNELS)
    assert pack.tools == tuple(Tool(tool) for tool in TOOLS)
    assert adopted(pack, "step") == STEPS
    assert adopted(pack, "eligibility") == set()
    assert pack.clauses >= PROMISES
    assert len(pack.clauses) == len(CHANNELS) + len(TOOLS) + len(STEPS) + len(PROMISES)


def test_kharj_adopts_what_its_document_prints() -> None:
    pack = load_packs()[KHARJ]
    assert pack.channels == tuple(Channel(channel) for channel in KHARJ_CHANNELS)
    assert {tool.value for tool in pack.tools} == set(KHARJ_TOOLS)
    assert adopted(pack, "step") == KHARJ_STEPS
    assert adopted(pack, "eligibility") == ELIGIBILITY
    assert pack.clauses >= PROMISES
    assert len(pack.clauses) == len(KHARJ_CHANNELS) + len(KHARJ_TOOLS) + len(KHARJ_STEPS) + 5 + len(PROMISES)


@pytest.mark.parametrize("pack_id", THE_OTHER_FOUR)
def test_a_committee_answers_no_sooner_than_in_fourteen_days(pack_id: str) -> None:
    pack = load_packs()[pack_id]
    assert pack.reviewing_body is ReviewingBody.COMMITTEE
    assert pack.committee is not None
    assert pack.attestation is not None
    assert (pack.reply_floor_days, pack.reply_target_days) == (14, None)


def test_in_kharj_the_department_decides_without_signature_or_wait() -> None:
    pack = load_packs()[KHARJ]
    assert pack.reviewing_body is ReviewingBody.DEPARTMENT
    assert (pack.committee, pack.attestation, pack.reply_floor_days) == (None, None, 0)


def test_kharj_keeps_its_contradicting_dates_as_printed_and_says_so() -> None:
    approval = load_packs()[KHARJ].document.approval
    assert "١٦/١١/٢٠٢٢ هـ" in approval.as_printed
    assert "١٤٤٤/٠٣/١٦ م" in approval.as_printed
    assert approval.contradiction is not None
    assert "labelled Hijri" in approval.contradiction.en
    assert "هجري" in approval.contradiction.ar


@pytest.mark.parametrize("pack_id", ALL_FIVE)
def test_two_printed_dates_are_one_day_unless_the_contradiction_is_told(pack_id: str) -> None:
    approval = load_packs()[pack_id].document.approval
    if approval.gregorian is None or approval.hijri is None:
        assert approval.contradiction is None
        return
    year, month, day = map(int, approval.hijri.split("-"))
    converted = Hijri(year, month, day).to_gregorian()
    same = (converted.year, converted.month, converted.day) == approval.gregorian.timetuple()[:3]
    assert same is (approval.contradiction is None)


def test_najran_adds_the_delivery_of_services_to_its_title() -> None:
    assert load_packs()["najran-consumers"].document.title.ar.endswith("وتقديم الخدمات")


def test_jamoum_has_the_five_accounts_that_it_prints_and_no_other_pack_has_one() -> None:
    packs = load_packs()
    assert {fund.id: fund.account for fund in packs["jamoum-orphans"].funds} == {
        "projects": "32400 0010 0060 8043 1046",
        "waqf": "32400 0010 0060 8042 8000",
        "sponsorship": "32400 0010 0060 8042 8018",
        "general": "32400 0010 0060 8040 5503",
        "zakat": "32400 0010 0060 8043 1053",
    }
    others = [fund.account for pack in packs.values() if pack.id != "jamoum-orphans" for fund in pack.funds]
    assert set(others) == {None}


@pytest.mark.parametrize("pack_id", ALL_FIVE)
def test_every_service_can_be_asked_for(pack_id: str) -> None:
    pack = load_packs()[pack_id]
    identity = "residence_permit" if pack_id == KHARJ else "national_id"
    assert pack.services
    for service in pack.services:
        checklist = {document.kind: document for document in service.documents}
        required = [document for document in service.documents if document.required]
        assert pack.department(service.department) is not None
        assert (checklist[identity].required, checklist[identity].valid_for_days) == (True, None)
        assert any(document.valid_for_days for document in required)
        assert len(required) < len(service.documents)
        assert [field.id for field in service.form][:2] == ["need", "household_size"]
        assert len(service.form) == 3


@pytest.mark.parametrize("pack_id", ALL_FIVE)
def test_a_pack_finds_its_things_by_id(pack_id: str) -> None:
    pack = load_packs()[pack_id]
    assert all(pack.branch(branch.id) == branch for branch in pack.branches)
    assert all(pack.service(service.id) == service for service in pack.services)
    assert pack.branch("nowhere") is None
    assert pack.service("nothing") is None
    assert pack.department("no_one") is None
    assert pack.head_office in pack.branches
    assert len(pack.branches) > 1


def test_a_pack_never_changes() -> None:
    with pytest.raises(ValidationError):
        load_packs()[KHARJ].reply_floor_days = 3  # type: ignore[misc]


def test_changing_the_answered_dict_changes_no_later_answer() -> None:
    load_packs().clear()
    assert len(load_packs()) == 5


@pytest.mark.parametrize("clause", list(Clause))
def test_every_clause_has_a_sentence_in_both_languages(clause: Clause) -> None:
    words = CLAUSE_WORDS[clause]
    assert re.fullmatch(r"[\u0600-\u06ff ]+\.", words.ar)
    assert re.fullmatch(r"[A-Za-z,' -]+\.", words.en)


def described(pack: Pack, language: Literal["ar", "en"]) -> str:
    console = Console(file=StringIO(), width=200)
    describe(pack, console, language=language)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("pack_id", ALL_FIVE)
def test_a_description_names_all_that_the_pack_adopts_and_nothing_else(
    pack_id: str, language: Literal["ar", "en"]
) -> None:
    pack = load_packs()[pack_id]
    told = described(pack, language)
    assert {clause for clause in Clause if f"  {clause} " in told} == pack.clauses
    assert pack.association.name.ar in told
    assert pack.association.name.en in told
    named = [thing.name for things in (pack.services, pack.branches, pack.departments, pack.funds) for thing in things]
    assert [words for words in named if words.ar not in told or words.en not in told] == []


def test_a_description_of_kharj_warns_of_the_contradicting_dates() -> None:
    told = described(load_packs()[KHARJ], "en")
    assert "2022-11-16" in told
    assert "1444-03-16" in told
    assert "The printed dates contradict each other" in told
    assert "التاريخان المطبوعان متناقضان" in described(load_packs()[KHARJ], "ar")


def test_a_description_says_who_decides_and_when() -> None:
    jamoum, kharj = described(load_packs()["jamoum-orphans"], "en"), described(load_packs()[KHARJ], "en")
    assert "5 seats, quorum 3" in jamoum
    assert "14 full days after the referral" in jamoum
    assert "the department that owns the service" in kharj
    assert "no older than 90 days" in jamoum
