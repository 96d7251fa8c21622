"""Two files of one person: proposed, looked at side by side, merged or told apart, and taken back whole."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from shared.language.events import MergeUndone, PeopleMerged, PersonErased
from shared.language.roles import Role
from shared.plumbing.seal import ERASED
from shared.plumbing.vault import VAULT
from tests.contracts.problem import assert_problem, everything_written
from tests.intake.office import Office, hear_itself
from tests.intake.register.desk import (
    FAR,
    IBAN,
    NEAR,
    PAIRS,
    PEOPLE,
    look_for,
    number,
    open_pairs,
    register,
    register_id,
)
from tests.intake.rights import ADMIN, act, ask

NOURA, AGAIN = "نورة سالم الحربي", "نوره بنت سالم حربي"
BECAUSE = {"reason": "رأيت البطاقتين"}


async def pair_of(office: Office, **who: Any) -> tuple[str, str, str]:
    """A pair that the registry proposes: its id, the older file and the newer."""
    older = await register_id(office, number(1), NOURA, mobile="0555000111", who=who)
    office.desk.clock.forward(timedelta(minutes=1))
    met = await register(office, number(2), AGAIN, mobile="0555000111", who=who)
    (pair,) = met["duplicates"]
    return pair["id"], older, met["person"]["id"]


async def decide(office: Office, pair: str, what: str, body: dict[str, Any], **who: Any) -> dict[str, Any]:
    done: dict[str, Any] = (await office.post(f"{PAIRS}/{pair}/{what}", body, **who)).json()
    return done


async def test_who_seems_to_have_a_file_is_proposed_and_stands_side_by_side_masked(office: Office) -> None:
    pair, older, newer = await pair_of(office)
    assert open_pairs(await office.get(PAIRS)) == [{older, newer}]
    shown = await office.get(f"{PAIRS}/{pair}")
    assert [side["person"]["id"] for side in shown["sides"]] == [older, newer]
    assert shown["score"] >= 55
    assert "mobile" in shown["signs"]
    assert number(1) not in str(shown)
    assert "0555000111"[1:] not in str(shown)


async def test_who_shares_an_account_under_another_name_is_found_by_it(office: Office) -> None:
    birthday = {"day": "1410-05-12", "calendar": "hijri"}
    await register(office, number(1), NOURA, iban=IBAN, birthday=birthday)
    met = await register(office, number(2), "نورة سالم", iban=IBAN, birthday=birthday)
    assert set(met["duplicates"][0]["signs"]) == {"name", "iban", "birthday"}


async def test_merged_files_lead_to_one_and_both_numbers_find_him(office: Office) -> None:
    pair, older, newer = await pair_of(office)
    done = await decide(office, pair, "merge", {"keep": "one", **BECAUSE})
    assert (done["finding"], done["kept_id"]) == ("merged", older)
    (told,) = await office.desk.told(PeopleMerged)
    assert isinstance(told, PeopleMerged)
    assert (told.subject_id, told.merged_id) == (older, newer)
    assert (await office.get(f"{PEOPLE}/{newer}"))["merged_into"] == older
    assert (await office.get(f"{PEOPLE}/{older}"))["merged"] == [newer]
    (found,) = (await look_for(office, number(2)))["people"]
    assert (found["id"], found["merged_into"]) == (newer, older)


async def test_the_next_request_of_a_merged_person_goes_to_the_file_that_was_kept(office: Office) -> None:
    pair, older, _ = await pair_of(office)
    await decide(office, pair, "merge", {"keep": "one", **BECAUSE})
    case = await office.begin(applicant={"national_id": number(2), "name": AGAIN})
    assert (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"] == older


async def test_who_is_registered_under_a_merged_number_fills_the_file_that_was_kept(office: Office) -> None:
    pair, older, newer = await pair_of(office)
    await decide(office, pair, "merge", {"keep": "one", **BECAUSE})
    met = await register(office, number(2), AGAIN, mobile="0555000111", email="noura@example.org", iban=IBAN)
    assert (met["outcome"], met["person"]["id"]) == ("known", older)
    kept, left = [await office.get(f"{PEOPLE}/{one}") for one in (older, newer)]
    assert kept["email"] is not None
    assert kept["particulars"]["iban"] is not None
    assert (left["email"], (left["particulars"] or {}).get("iban")) == (None, None)


async def test_nothing_is_written_into_a_merged_file_and_the_refusal_says_where_to(office: Office) -> None:
    pair, older, newer = await pair_of(office)
    await decide(office, pair, "merge", {"keep": "one", **BECAUSE})
    await register(office, number(3), "خالد بن سعد")
    agent = {"agent_national_id": number(3), "capacity": "agent", "deeds": ["collect"]}
    for path, body in (
        ("particulars", {"iban": IBAN, "seen": 1}),
        ("household/members", {"kinship": "son", "name": "سعد"}),
        ("mandates", agent),
    ):
        answer = await office.desk.call("POST", f"{PEOPLE}/{newer}/{path}", body=body, **office.who)
        problem = assert_problem(answer, status=409, code="file_merged")
        assert older in str(problem["sentences"])
        assert newer not in str(problem["sentences"])


@pytest.mark.parametrize("keep", ["one", "other"])
async def test_a_merge_is_taken_back_whole_and_told(office: Office, keep: str) -> None:
    case = await office.begin(applicant={"national_id": number(2), "name": AGAIN, "mobile": "0555000111"})
    newer = (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    met = await register(office, number(1), NOURA, mobile="0555000111")
    (pair,) = met["duplicates"]
    people = [line for line in everything_written(office.desk) if line.startswith('INSERT INTO "beneficiaries"')]
    await decide(office, pair["id"], "merge", {"keep": keep, **BECAUSE})
    assert (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"] == newer
    done = await decide(office, pair["id"], "undoing", {"reason": "أختان"})
    assert (done["finding"], done["kept_id"]) == ("open", None)
    after = [line for line in everything_written(office.desk) if line.startswith('INSERT INTO "beneficiaries"')]
    assert after == people
    assert len(await office.desk.told(MergeUndone)) == 1
    shown = await office.get(f"{PAIRS}/{pair['id']}")
    assert (shown["reason"], shown["undone_reason"]) == ("رأيت البطاقتين", "أختان")


async def test_who_was_told_apart_is_not_proposed_again_until_that_is_taken_back(office: Office) -> None:
    pair, _, _ = await pair_of(office)
    await decide(office, pair, "not-the-same", BECAUSE)
    assert open_pairs(await office.get(PAIRS)) == []
    met = await register(office, number(2), AGAIN, mobile="0555000111")
    assert met["duplicates"] == []
    assert len((await office.get(f"{PAIRS}?finding=not_the_same"))["items"]) == 1
    await decide(office, pair, "undoing", {"reason": "أخطأت"})
    assert len(open_pairs(await office.get(PAIRS))) == 1


async def test_a_pair_is_decided_once_and_nothing_undecided_is_taken_back(office: Office) -> None:
    pair, _, _ = await pair_of(office)
    early = await office.desk.call("POST", f"{PAIRS}/{pair}/undoing", body=BECAUSE, **office.who)
    assert_problem(early, status=409, code="duplicate_undecided")
    await decide(office, pair, "merge", {"keep": "one", **BECAUSE})
    for what, body in (("merge", {"keep": "other", **BECAUSE}), ("not-the-same", BECAUSE)):
        again = await office.desk.call("POST", f"{PAIRS}/{pair}/{what}", body=body, **office.who)
        assert_problem(again, status=409, code="duplicate_decided")


async def test_somebody_may_say_that_two_are_one_though_the_registry_did_not(office: Office) -> None:
    one = await register_id(office, number(1), NOURA)
    other = await register_id(office, number(2), "أم سعد الحربي")
    assert open_pairs(await office.get(PAIRS)) == []
    await office.post(PAIRS, {"one": one, "other": other})
    assert open_pairs(await office.get(PAIRS)) == [{one, other}]
    itself = await office.desk.call("POST", PAIRS, body={"one": one, "other": one}, **office.who)
    assert_problem(itself, status=422, code="same_person", field="other")


async def test_across_branches_a_pair_shows_whom_to_call_and_the_head_office_decides(office: Office) -> None:
    near = await register_id(office, number(1), NOURA, mobile="0555000111", who=NEAR)
    office.desk.clock.forward(timedelta(minutes=1))
    met = await register(office, number(2), AGAIN, mobile="0555000111", who=FAR)
    (pair,) = met["duplicates"]
    shown = await office.get(f"{PAIRS}/{pair['id']}", **FAR)
    of_near = shown["sides"][0]
    assert of_near["person"] is None
    assert [branch["id"] for branch in of_near["call"]] == ["hada_sham"]
    assert NOURA not in str(shown)
    manager = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
    body = {"keep": "one", **BECAUSE}
    answer = await office.desk.call("POST", f"{PAIRS}/{pair['id']}/merge", body=body, **(office.who | manager))
    assert_problem(answer, status=409, code="file_elsewhere")
    assert (await decide(office, pair["id"], "merge", body))["kept_id"] == near
    stranger = {"role": Role.DELEGATE, "branch": "jamoum"}
    nothing = await office.desk.call("GET", f"{PAIRS}/{pair['id']}", **(office.who | stranger))
    assert_problem(nothing, status=404, code="duplicate_not_found")


async def test_a_request_that_opens_a_file_has_it_compared_as_well(office: Office) -> None:
    await office.begin(applicant={"national_id": number(1), "name": NOURA, "mobile": "0555000111"})
    await office.begin(applicant={"national_id": number(2), "name": AGAIN, "mobile": "0555000111"})
    await hear_itself(office.desk)
    assert len(open_pairs(await office.get(PAIRS))) == 1
    assert await office.desk.dead() == []


async def test_who_has_two_files_is_erased_with_both(office: Office) -> None:
    pair, older, newer = await pair_of(office)
    await decide(office, pair, "merge", {"keep": "one", **BECAUSE})
    request = await ask(office, national_id=number(2))
    assert (await act(office, request, "erasure")).status_code == 202
    await hear_itself(office.desk)
    assert {event.subject_id for event in await office.desk.told(PersonErased)} == {older, newer}  # type: ignore[attr-defined]
    assert VAULT.is_destroyed(older)
    assert VAULT.is_destroyed(newer)
    for q in (number(1), number(2), NOURA, "0555000111"):
        assert (await office.get(f"{PEOPLE}?q={quote(q)}"))["people"] == []


async def test_erasing_a_person_takes_his_account_his_household_and_who_acts_for_him(office: Office) -> None:
    subject = await register_id(office, number(1), NOURA, iban=IBAN, short_address="RRRD1234")
    await register_id(office, number(2), "خالد الغامدي")
    saad = {"kinship": "son", "name": "سعد سالم", "note": "الصف الأول"}
    await office.post(f"{PEOPLE}/{subject}/household/members", saad)
    debts = {"debts": [{"creditor": "بنك التنمية", "left": "18000"}]}
    await office.post(f"{PEOPLE}/{subject}/household/statements", {"means": debts, "seen": 0})
    agent = {"agent_national_id": number(2), "capacity": "agent", "deeds": ["collect"], "paper": "وكالة 4412"}
    await office.post(f"{PEOPLE}/{subject}/mandates", agent)
    request = await ask(office, national_id=number(1))
    assert (await act(office, request, "erasure")).status_code == 202
    await hear_itself(office.desk)
    assert await office.desk.dead() == []
    shown = await office.get(f"{PEOPLE}/{subject}")
    assert (shown["name"], shown["particulars"]["iban"]) == (ERASED, ERASED)
    held = str(await office.get(f"/api/v1/personal/people/{subject}?limit=200", **ADMIN))
    for word in (NOURA, IBAN, "RRRD1234", "سعد", "بنك التنمية", "وكالة"):
        assert word not in held
    written = "\n".join(everything_written(office.desk))
    assert written.count('INSERT INTO "person_particulars"') == 2
    home = str(await office.get(f"{PEOPLE}/{subject}/households"))
    assert ERASED in home
    assert [word for word in ("سعد", "الصف الأول", "بنك التنمية") if word in home] == []
