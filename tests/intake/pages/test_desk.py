"""What somebody finds at the desk: his queues, the list, the search, and one case by its parts."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from services.intake.pages.desk.acts import ACTS
from services.intake.pages.desk.home import queues_of
from services.intake.pages.desk.parts import PARTS
from services.intake.pages.desk.places import PLACES
from services.intake.pages.desk.words import FACTS
from services.intake.seats import FRONT, READERS
from services.intake.store.desk import COUNTED
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import EVENTS, CaseEvent, Outcome
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.ui.frame import AT_A_DESK
from tests.audit.book import kept
from tests.harness.desk import Desk
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office, hear_itself
from tests.intake.pages.clerk import Pages, errors_of, hidden_in, main_of, value_of, words_of

TEMPLATES = Path(__file__).parents[3] / "services" / "intake" / "templates" / "desk"
S = CaseStatus


def answers(office: Office) -> dict[str, str]:
    """To the questions of the service's form, as a page sends them."""
    sample = {"text": "حاجة", "integer": "4", "boolean": "no"}
    return {f"form.{field.id}": sample[field.kind] for field in office.service.form}


def copy_cases(desk: Desk, *, count: int) -> None:
    """So many more of the one case that there is."""
    file = sqlite3.connect(str(desk.runtime.database.engine.url.database))
    file.row_factory = sqlite3.Row
    case = dict(file.execute("SELECT * FROM cases").fetchone())
    with file:
        for n in range(count):
            case |= {"id": f"{case['id'][:20]}{n:016}", "reference": f"JMM-2025-{n:06}"}
            names, marks = ", ".join(case), ", ".join("?" * len(case))
            file.execute(f"INSERT INTO cases ({names}) VALUES ({marks})", tuple(case.values()))  # noqa: S608
    file.close()


def test_every_part_and_every_act_has_its_template() -> None:
    assert [part.name for part in PARTS if not (TEMPLATES / "parts" / f"{part.name}.html").exists()] == []
    assert [act.path for act in ACTS if not (TEMPLATES.parent / "desk" / act.template).exists()] == []


def test_whoever_reads_cases_has_queues_and_the_way_to_the_desk() -> None:
    assert frozenset(READERS) == AT_A_DESK
    assert all(queues_of(role) for role in READERS)


def test_every_fact_of_a_case_has_its_words() -> None:
    of_cases = {kind.type for kind in EVENTS.values() if issubclass(kind, CaseEvent)}
    assert of_cases - set(FACTS) == set()


async def test_a_queue_says_how_much_waits_and_leads_there(office: Office, pages: Pages) -> None:
    await office.begin()
    page = await pages.get("/desk")
    assert "مسودات للإتمام والتقديم طلب واحد" in words_of(page)
    shown = await pages.get("/desk/cases?status=draft")
    assert NAME in words_of(shown)
    assert NAME not in words_of(await pages.get("/desk/cases?status=received"))


async def test_a_count_stops_where_nobody_counts_any_more(office: Office, pages: Pages) -> None:
    await office.begin()
    copy_cases(office.desk, count=COUNTED + 50)
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "FROM cases" in statement:
            asked.append((statement, parameters))

    engine = office.desk.runtime.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    page = await pages.get("/desk")
    event.remove(engine, "before_cursor_execute", note)
    assert f"أكثر من {COUNTED} طلب" in words_of(page)
    queues, plan = list[str](), list[str]()
    async with office.desk.runtime.database.read(scope=EVERYTHING) as session:
        for statement, parameters in asked:
            rows = await (await session.connection()).exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(row[3]) for row in rows]
            plan += steps
            queues += steps if "GROUP BY" in statement else []
    assert sum("cases_of_association_by_status" in step for step in queues) == len(queues_of(Role.INTAKE_OFFICER))
    assert [step for step in plan if step.startswith("SCAN cases")] == []


async def test_the_pages_of_the_list_go_there_and_back_and_show_each_case_once(office: Office, pages: Pages) -> None:
    await office.begin()
    copy_cases(office.desk, count=59)

    async def shown(address: str) -> tuple[list[str], dict[str, str]]:
        page = await pages.get(f"/desk/cases{address}")
        assert page.status_code == 200
        ways = {rel: href.replace("&amp;", "&") for href, rel in re.findall(r'href="(\?[^"]+)" rel="(\w+)"', page.text)}
        return re.findall(r"JMM-20\d\d-\d{6}", main_of(page)), ways

    first, ways = await shown("")
    assert set(ways) == {"next"}
    second, ways = await shown(ways["next"])
    assert set(ways) == {"prev", "next"}
    third, last_ways = await shown(ways["next"])
    assert set(last_ways) == {"prev"}
    assert (len(first), len(second), len(third)) == (25, 25, 10)
    assert len({*first, *second, *third}) == 60
    back, ways = await shown(last_ways["prev"])
    assert back == second
    assert (await shown(ways["prev"]))[0] == first


async def test_what_a_filter_does_not_know_filters_nothing(office: Office, pages: Pages) -> None:
    await office.begin()
    for query in ("status=", "status=moon", "branch=moon", "before=~"):
        assert NAME in words_of(await pages.get(f"/desk/cases?{query}")), query


async def test_another_branch_is_to_be_called_and_nothing_of_the_file_is_shown(office: Office, pages: Pages) -> None:
    """`step.reception`: whoever has a file elsewhere is known to have one, and no more."""
    case = await office.begin(branch_id="hada_sham")
    page = await pages.get(f"/desk/new?q={NATIONAL_ID}", role=Role.DELEGATE, branch="ayn_shams")
    assert "مكتب هدى الشام" in words_of(page)
    assert NAME not in page.text
    assert case["reference"] not in page.text
    nobody = await pages.get(f"/desk/people?q={case['reference']}", role=Role.DELEGATE, branch="ayn_shams")
    assert nobody.status_code == 200


async def test_a_person_is_found_masked_and_his_new_request_goes_into_his_file(office: Office, pages: Pages) -> None:
    first = await office.begin()
    page = await pages.get("/desk/new?q=نوره الحربي")
    assert NAME in words_of(page)
    assert NATIONAL_ID not in page.text
    person = main_of(page).partition("/desk/new/applicant?person=")[2].partition('"')[0]
    form = await pages.get(f"/desk/new/applicant?person={person}")
    assert NATIONAL_ID not in form.text
    sent = {"person": person, "channel": "phone", "service_id": office.service.id}
    assert (await pages.post("/desk/new/applicant", sent)).status_code == 200
    sent |= answers(office)
    # One is open for this service already: the second wants a reason.
    asked = await pages.post("/desk/new", sent)
    assert (asked.status_code, errors_of(asked)) == (409, ["despite"])
    assert first["reference"] in words_of(asked)
    begun = await pages.post("/desk/new", sent | {"despite": "طلب لابنه الثاني"})
    assert begun.status_code == 303, begun.text
    of_person = await pages.get(f"/desk/cases?person={person}")
    assert first["reference"] in of_person.text
    assert "JMM-2026-000002" in of_person.text


async def test_no_file_is_opened_for_whom_nobody_looked(office: Office, pages: Pages) -> None:
    """`step.reception`: the pages look by his number on the way; whoever leaves that out opens nothing."""
    sent = {"applicant.national_id": NATIONAL_ID, "applicant.name": NAME, "channel": "phone"}
    sent |= answers(office) | {"service_id": office.service.id}
    for search in ({}, {"search": "made up"}):
        refused = await pages.post("/desk/new", sent | search)
        assert (refused.status_code, errors_of(refused)) == (409, ["search"])
        assert NAME in refused.text
        _, carried = hidden_in(refused)
        assert answers(office).items() <= carried.items()
    back = await pages.post("/desk/new", sent | {"step": "back"})
    assert answers(office).items() <= hidden_in(back)[1].items(), "nothing that was typed goes by going back"
    assert (await office.get("/api/v1/cases"))["items"] == []


async def test_a_double_click_begins_one_request_and_a_changed_form_another(office: Office, pages: Pages) -> None:
    sent = {"applicant.national_id": NATIONAL_ID, "applicant.name": NAME, "channel": "phone", "once": "page-1"}
    sent |= answers(office) | {"service_id": office.service.id}
    sent["search"] = value_of(await pages.post("/desk/new/applicant", sent), "search")
    first, second = await pages.post("/desk/new", sent), await pages.post("/desk/new", sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    other = await pages.post("/desk/new", sent | {"channel": "interview", "despite": "طلب ثان"})
    assert other.headers["location"] != first.headers["location"]
    assert "JMM-2026-000003" not in (await pages.get("/desk/cases")).text


async def test_the_trail_knows_which_cases_a_page_of_the_list_showed(office: Office, pages: Pages) -> None:
    case = await office.begin()
    await pages.get("/desk/cases")
    *_, last = await kept(office.desk.runtime.database)
    assert case["id"] in str(last.shown)


async def test_a_reference_leads_to_its_case(office: Office, pages: Pages) -> None:
    case = await office.begin()
    answer = await pages.get(f"/desk/people?q={case['reference'].lower()}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/cases/{case['id']}"


async def test_a_case_shows_every_part_that_there_is_something_to_show_of(office: Office, pages: Pages) -> None:
    case = await office.walk(to=S.DELIVERED)
    asked = await office.step(case, "clarifications", {"question": "هل يلزم عقد؟"})
    await office.step(case, "benefit", {"useful": True, "note": "انتفع"})
    await hear_itself(office.desk)
    page = await pages.get(f"/desk/cases/{case['id']}")
    assert page.status_code == 200
    for words in ("الإقرار", "لدى اللجنة", "الإجابة", "التسليم", "الأثر", "السجل الزمني", "هل يلزم عقد؟", "مقدم الطلب"):
        assert words in words_of(page), words
    assert NATIONAL_ID not in page.text
    researcher = await pages.get(f"/desk/cases/{case['id']}", role=Role.SOCIAL_RESEARCHER)
    assert f"/clarifications/{asked['id']}/answer" in researcher.text
    answered = await pages.post(
        f"/desk/cases/{case['id']}/clarifications/{asked['id']}/answer",
        {"answer": "لا يلزم", "misconception_corrected": "yes"},
        role=Role.SOCIAL_RESEARCHER,
    )
    assert answered.status_code == 303
    assert "لا يلزم" in words_of(await pages.get(f"/desk/cases/{case['id']}"))


@pytest.mark.parametrize("status", [S.RECEIVED, S.ATTESTED, S.REFERRED])
async def test_a_question_goes_to_the_researcher_from_its_page(
    office: Office, pages: Pages, status: CaseStatus
) -> None:
    """`step.clarification`."""
    case = await office.walk(to=status)
    sent = await pages.post(f"/desk/cases/{case['id']}/clarifications", {"question": "هل يلزم صك؟"})
    assert sent.status_code == 303, sent.text
    shown = words_of(await pages.get(f"/desk/cases/{case['id']}?done=clarifications"))
    assert "هل يلزم صك؟ سُئل" in shown
    assert "بانتظار الباحث" in shown


@pytest.mark.parametrize("status", [one for one in S if one is not S.EXPIRED])
async def test_every_act_that_is_offered_opens_and_no_other_seat_is_offered_any(
    office: Office, pages: Pages, status: CaseStatus
) -> None:
    case = await office.begin() if status is S.DRAFT else await office.walk(to=status)
    page = await pages.get(f"/desk/cases/{case['id']}")
    offered = {act.path for act in ACTS if f'/desk/cases/{case["id"]}/{act.path}"' in main_of(page)}
    assert ("withdrawal" in offered) is (status not in {S.DELIVERED, S.CLOSED, S.WITHDRAWN})
    for act in ACTS:
        shown = await pages.get(f"/desk/cases/{case['id']}/{act.path}")
        assert shown.status_code == 200, act.path
        is_open = 'method="post"' in main_of(shown)
        assert is_open is (act.path in offered), act.path
    for role in set(READERS) - set(FRONT):
        other = await pages.get(f"/desk/cases/{case['id']}", role=role)
        assert other.status_code == 200
        assert "الإجراء التالي" not in words_of(other)


@pytest.mark.parametrize("role", READERS)
async def test_home_leads_each_seat_to_the_pages_that_are_its_own_and_to_no_other(pages: Pages, role: Role) -> None:
    home = main_of(await pages.get("/desk", role=role))
    for place in PLACES:
        assert (f'href="/desk{place.path}"' in home) is (role in place.roles), place.path
        opened = await pages.get(f"/desk{place.path}", role=role)
        assert opened.status_code == (200 if role in place.roles else 403), place.path


async def test_a_rejected_request_may_be_asked_again_or_closed_and_not_registered(office: Office, pages: Pages) -> None:
    case = await office.walk(to=S.ANSWERED, outcome=Outcome.REJECTED)
    page = main_of(await pages.get(f"/desk/cases/{case['id']}"))
    assert "/appeal" in page
    assert "/closing" in page
    assert "/registration" not in page


async def test_a_pack_without_a_signature_goes_up_without_one(kharj: Office) -> None:
    pages = Pages(kharj.desk)
    case = await kharj.walk(to=S.COMPLETE)
    who = {"association": kharj.pack.id}
    page = main_of(await pages.get(f"/desk/cases/{case['id']}", **who))
    assert "/referral" in page
    assert "/attestation" not in page
    assert (await pages.post(f"/desk/cases/{case['id']}/referral", **who)).status_code == 303


async def test_numbers_in_clear_are_never_answered_from_what_was_kept(office: Office, pages: Pages) -> None:
    case = await office.walk(to=S.RECEIVED)
    for _ in range(2):
        seen = await pages.post(
            f"/desk/cases/{case['id']}/applicant", {"fields": "national_id", "reason": "للتحقق"}, key="once"
        )
        assert NATIONAL_ID in seen.text
        assert "Idempotency-Replayed" not in seen.headers
    looked = [entry for entry in await kept(office.desk.runtime.database) if entry.act == "reveal"]
    assert len(looked) == 2, "each look is noted"


async def test_numbers_are_shown_in_clear_with_a_reason_and_it_stands_in_the_file(office: Office, pages: Pages) -> None:
    case = await office.begin()
    path = f"/desk/cases/{case['id']}/applicant"
    assert NATIONAL_ID not in (await pages.get(f"{path}?field=national_id")).text
    without = await pages.post(path, {"fields": "national_id", "reason": ""})
    assert without.status_code == 422
    assert NATIONAL_ID not in without.text
    shown = await pages.post(path, {"fields": ["national_id", "mobile"], "reason": "للاتصال به"})
    assert shown.status_code == 200
    assert NATIONAL_ID in shown.text
    assert "+966555000111" in shown.text
    await hear_itself(office.desk)
    assert "اطلع أحد الموظفين" in words_of(await pages.get(f"/desk/cases/{case['id']}"))


async def test_the_desk_speaks_english_by_the_same_pages(office: Office, pages: Pages) -> None:
    case = await office.begin(applicant={"national_id": OTHER_NATIONAL_ID, "name": "Yusuf Khan"})
    for path in ("/desk", "/desk/new", "/desk/new/applicant", "/desk/cases", f"/desk/cases/{case['id']}"):
        page = await pages.get(f"{path}?lang=en")
        assert page.status_code == 200
        assert '<html lang="en" dir="ltr"' in page.text
