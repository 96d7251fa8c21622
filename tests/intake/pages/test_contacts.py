"""First contacts at the desk: taken by channel, called back, made requests; what is wrong is told at its field."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.pages.desk.arriving import ASKED
from shared.language.clauses import Channel
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, NATIONAL_ID, Office
from tests.intake.pages.arrivals import CALLER, NOTES, SUBJECT, TYPED
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of

NEED = "إيجار متأخر ثلاثة أشهر"


def contact(channel: str, **changes: Any) -> dict[str, Any]:
    return {"channel": channel, "name": NAME, "mobile": "0555000111", "need": NEED} | TYPED[channel] | changes


async def take(pages: Pages, channel: str = "phone", **changes: Any) -> str:
    """The address of a contact that was taken at the page."""
    answer = await pages.post("/desk/contacts", contact(channel, **changes))
    assert answer.status_code == 303, words_of(answer)
    return str(answer.headers["location"]).partition("?")[0]


def request_of(office: Office, contact_id: str, **changes: Any) -> dict[str, Any]:
    sample = {"text": "حاجة", "integer": "4", "boolean": "no"}
    answers = {f"form.{field.id}": sample[field.kind] for field in office.service.form}
    who = {"applicant.national_id": NATIONAL_ID, "applicant.name": NAME, "applicant.mobile": "0555000111"}
    return {"contact": contact_id, "service_id": office.service.id} | who | answers | changes


def test_every_channel_has_what_it_asks_for() -> None:
    assert set(ASKED) == set(Channel)
    assert {Channel(channel) for channel in TYPED} == {channel for channel in Channel if ASKED[channel]}


@pytest.mark.parametrize("channel", TYPED)
async def test_a_contact_of_each_channel_is_taken_and_becomes_a_request_with_all_it_said(
    office: Office, pages: Pages, channel: str
) -> None:
    """`channel.interview`, `channel.phone`, `channel.social`, `channel.letter`, `channel.help_request`,
    `channel.volunteering`, `channel.delegate`."""
    form = await pages.get(f"/desk/contacts/new?channel={channel}")
    drawn = main_of(form)
    names = {name for name in TYPED[channel] if not name.endswith(("_day", "_month", "_year"))}
    assert [name for name in names if f'name="{name}"' not in drawn] == []
    path = await take(pages, channel)
    shown = words_of(await pages.get(f"{path}?done=taken"))
    for words in ("حُفظ التواصل", NAME, NEED, "+966555000111"):
        assert words in shown, words

    contact_id = path.rpartition("/")[2]
    who = await pages.get(f"/desk/new/applicant?contact={contact_id}")
    assert value_of(who, "applicant.name") == NAME
    assert value_of(who, "applicant.mobile") == "+966555000111"
    sent = request_of(office, contact_id, channel=channel)
    form = await pages.post("/desk/new/applicant", sent)
    assert value_of(form, "contact") == contact_id
    assert "arrival." not in main_of(form), "how he came was written down when the contact was taken"
    begun = await pages.post("/desk/new", sent | {"search": value_of(form, "search")})
    assert begun.status_code == 303, words_of(begun)
    (case,) = (await office.get("/api/v1/cases"))["items"]
    kept = await office.get(f"/api/v1/cases/{case['id']}/arrival")
    assert (case["channel"], kept["contact_id"], kept["said"]["need"]) == (channel, contact_id, NEED)
    gone = words_of(await pages.get(path))
    assert "صار هذا التواصل طلبًا" in gone
    assert NEED not in gone


async def test_the_choice_of_channels_leaves_out_what_the_applicant_types_himself(office: Office, pages: Pages) -> None:
    page = main_of(await pages.get("/desk/contacts/new"))
    for channel in office.pack.channels:
        assert (f"channel={channel.value}" in page) is (channel is not Channel.WEBSITE)


@pytest.mark.parametrize(
    ("channel", "changes", "fields"),
    [
        ("interview", {"arrival.ended_at": "09:05"}, ["arrival.ended_at"]),
        (
            "interview",
            {"arrival.came_at": "٢٥:٠٠", "arrival.started_at": ""},
            ["arrival.came_at", "arrival.started_at"],
        ),
        ("interview", {"arrival.ended_at": "23:00"}, ["arrival.ended_at"]),
        ("interview", {"arrival.day_day": "32", "arrival.day_month": "1", "arrival.day_year": "2026"}, ["arrival.day"]),
        ("phone", {"arrival.caller": ""}, ["arrival.caller"]),
        ("phone", {"arrival.caller_is": "king"}, ["arrival.caller_is"]),
        ("phone", {"arrival.number": "12"}, ["arrival.number"]),
        ("phone", {"arrival.call_back_at": ""}, ["arrival.call_back_at"]),
        ("phone", {"arrival.call_back_day_year": "2024"}, ["arrival.call_back_at"]),
        ("social", {"arrival.link": "javascript:alert(1)"}, ["arrival.link"]),
        ("social", {"arrival.account": "ح" * 201}, ["arrival.account"]),
        ("letter", {"arrival.attachments": "كثير"}, ["arrival.attachments"]),
        ("letter", {"arrival.dated_year": "2030"}, ["arrival.dated"]),
        ("letter", {"arrival.subject": "", "arrival.sender": ""}, ["arrival.subject", "arrival.sender"]),
        ("help_request", {"arrival.ticket": ""}, ["arrival.ticket"]),
        ("volunteering", {"arrival.volunteer": "ر"}, ["arrival.volunteer"]),
        ("delegate", {"arrival.place": ""}, ["arrival.place"]),
        ("delegate", {"name": "ن", "mobile": "07"}, ["name", "mobile"]),
        ("delegate", {"branch_id": "moon"}, ["branch_id"]),
    ],
)
async def test_what_is_wrong_with_a_contact_is_told_at_its_field_and_the_rest_is_kept(
    office: Office, pages: Pages, channel: str, changes: dict[str, str], fields: list[str]
) -> None:
    before = everything_written(office.desk)
    page = await pages.post("/desk/contacts", contact(channel, **changes))
    assert page.status_code == 422, page.text
    assert sorted(errors_of(page)) == sorted(fields)
    assert value_of(page, "need") == NEED
    for name, value in contact(channel, **changes).items():
        if name not in {"channel", "branch_id", "arrival.caller_is", "arrival.platform", "arrival.urgent"}:
            assert value_of(page, name) == value, name
    assert everything_written(office.desk) == before


async def test_an_unknown_channel_leads_to_the_choice_of_one(pages: Pages) -> None:
    for channel in ("pigeon", "website", ""):
        page = await pages.post("/desk/contacts", {"channel": channel, "need": NEED})
        assert (page.status_code, errors_of(page)) == (422, ["channel"])
        assert "/desk/contacts/new?channel=phone" in main_of(page)


async def test_who_was_promised_a_call_waits_in_the_list_until_he_is_called(office: Office, pages: Pages) -> None:
    """`channel.phone`."""
    path = await take(pages)
    await take(pages, "delegate")
    calls = await pages.get("/desk/calls")
    assert main_of(calls).count("data-row") == 1
    assert path in main_of(calls)
    assert "متأخر" not in words_of(calls)
    office.desk.clock.forward(timedelta(days=3))
    assert "متأخر" in words_of(await pages.get("/desk/calls"))
    called = await pages.post(f"{path}/call")
    assert called.status_code == 303
    assert "تمت معاودة الاتصال به" in words_of(await pages.get(f"{path}?done=called"))
    assert "لا أحد ينتظر اتصالًا" in words_of(await pages.get("/desk/calls"))
    again = await pages.post(f"{path}/call")
    assert again.status_code == 409
    assert 'role="alert"' in main_of(again)
    assert NEED in words_of(again)


async def test_who_became_a_request_before_the_promised_call_is_called_from_his_contact(
    office: Office, pages: Pages
) -> None:
    """`channel.phone`."""
    path = await take(pages)
    sent = request_of(office, path.rpartition("/")[2], channel="phone")
    sent["search"] = value_of(await pages.post("/desk/new/applicant", sent), "search")
    assert (await pages.post("/desk/new", sent)).status_code == 303
    assert path in main_of(await pages.get("/desk/calls")), "the call is promised still"
    assert f'{path}/call"' in main_of(await pages.get(path))
    office.desk.clock.forward(timedelta(days=5))
    today = await pages.get("/desk/visits")
    assert (today.status_code, path in main_of(today)) == (200, True)
    assert NAME in words_of(today), "of the request that it became"
    assert (await pages.post(f"{path}/call")).status_code == 303
    assert "اتُّصل به" in words_of(await pages.get(path))
    assert "لا أحد ينتظر اتصالًا" in words_of(await pages.get("/desk/calls"))


async def test_the_list_of_contacts_is_leafed_through_and_shows_nobodys_words(pages: Pages) -> None:
    for number in range(27):
        await take(pages, "delegate", name=f"اسم {number:02}")
    first = await pages.get("/desk/contacts")
    assert main_of(first).count("data-row") == 25
    assert NEED not in first.text
    older = main_of(first).partition('href="?before=')[2].partition('"')[0]
    second = await pages.get(f"/desk/contacts?before={older}")
    assert [name for name in ("اسم 00", "اسم 01") if name not in words_of(second)] == []
    newer = main_of(second).partition('href="?after=')[2].partition('"')[0]
    assert main_of(await pages.get(f"/desk/contacts?after={newer}")).count("data-row") == 25


async def test_another_branch_finds_neither_the_contact_nor_its_name(office: Office, pages: Pages) -> None:
    here, there = ({"role": Role.DELEGATE, "branch": branch} for branch in ("hada_sham", "ayn_shams"))
    answer = await pages.post("/desk/contacts", contact("phone"), **here)
    path = answer.headers["location"].partition("?")[0]
    contact_id = path.rpartition("/")[2]
    for address in ("/desk/contacts", "/desk/calls"):
        assert NAME in (await pages.get(address, **here)).text
        assert NAME not in (await pages.get(address, **there)).text
    for answer in (
        await pages.get(path, **there),
        await pages.post(f"{path}/call", **there),
        await pages.get(f"/desk/new/applicant?contact={contact_id}", **there),
        await pages.post("/desk/new", request_of(office, contact_id, channel="phone"), **there),
    ):
        assert answer.status_code == 404
        assert NAME not in main_of(answer)


async def test_a_contact_becomes_one_request_and_a_second_is_refused(office: Office, pages: Pages) -> None:
    path = await take(pages)
    contact_id = path.rpartition("/")[2]
    sent = request_of(office, contact_id, channel="phone")
    unseen = await pages.post("/desk/new", sent)
    assert (unseen.status_code, errors_of(unseen)) == (409, ["search"]), "he is looked for first (`step.reception`)"
    sent["search"] = value_of(await pages.post("/desk/new/applicant", sent), "search")
    assert (await pages.post("/desk/new", sent)).status_code == 303
    second = await pages.post("/desk/new", sent)
    assert second.status_code == 409
    assert "صار هذا التواصل طلبًا" in second.text


async def test_what_a_caller_said_changes_nothing_of_whoever_has_a_file(office: Office, pages: Pages) -> None:
    await office.begin()
    path = await take(pages, mobile="0555999888")
    contact_id = path.rpartition("/")[2]
    found = main_of(await pages.get(f"/desk/new?contact={contact_id}&q={NATIONAL_ID}"))
    person = found.partition("applicant?person=")[2].partition("&")[0]
    assert f"contact={contact_id}" in found
    who = await pages.get(f"/desk/new/applicant?person={person}&contact={contact_id}")
    assert value_of(who, "applicant.mobile") == ""


@pytest.mark.parametrize("channel", TYPED)
async def test_a_new_request_carries_how_he_came(office: Office, pages: Pages, channel: str) -> None:
    sent = request_of(office, "", channel=channel) | TYPED[channel]
    form = await pages.post("/desk/new/applicant", sent)
    assert [name for name in TYPED[channel] if f'name="{name}"' not in main_of(form)] == []
    answer = await pages.post("/desk/new", sent | {"search": value_of(form, "search")})
    assert answer.status_code == 303, words_of(answer)
    case = answer.headers["location"].partition("/desk/cases/")[2].partition("/")[0]
    kept = await office.get(f"/api/v1/cases/{case}/arrival")
    assert kept["channel"] == channel
    shown = words_of(await pages.get(f"/desk/cases/{case}"))
    said = {"interview": NOTES, "phone": CALLER, "letter": SUBJECT}
    assert said.get(channel, "كيف وصل إلينا") in shown
    if channel == "interview":
        assert (kept["waited_seconds"], kept["given_seconds"]) == (600, 1500)
        assert "مدة انتظاره 10 دقائق" in shown
        assert "الوقت الذي أُعطي له 25 دقيقة" in shown


async def test_what_is_wrong_with_how_he_came_is_told_with_the_form_and_begins_nothing(
    office: Office, pages: Pages
) -> None:
    sent = request_of(office, "", channel="phone", **{"arrival.caller": CALLER, "form.household_size": "كثير"})
    before = everything_written(office.desk)
    page = await pages.post("/desk/new", sent)
    assert page.status_code == 422
    assert errors_of(page)[0] == "form.household_size"
    assert {"arrival.script_version", "arrival.started_at", "arrival.ended_at"} <= set(errors_of(page))
    assert value_of(page, "arrival.caller") == CALLER
    assert everything_written(office.desk) == before


async def test_how_he_came_is_written_down_later_and_once(office: Office, pages: Pages) -> None:
    case = await office.begin(channel="phone")
    page = await pages.get(f"/desk/cases/{case['id']}")
    path = f"/desk/cases/{case['id']}/arrival"
    assert f'href="{path}"' in main_of(page)
    wrong = await pages.post(path, TYPED["phone"] | {"arrival.ended_at": "09:00"})
    assert (wrong.status_code, errors_of(wrong)) == (422, ["arrival.ended_at"])
    assert value_of(wrong, "arrival.caller") == CALLER
    kept = await pages.post(path, TYPED["phone"])
    assert kept.status_code == 303
    shown = await pages.get(kept.headers["location"])
    assert "سُجّل كيف وصل إلينا" in words_of(shown)
    assert CALLER in words_of(shown)
    again = await pages.post(path, TYPED["phone"])
    assert again.status_code == 409
    assert "التسجيل الأول محفوظ" in words_of(again)
    # Who studies the case sees it; who looks at quality alone does not.
    of_case = f"/desk/cases/{case['id']}"
    assert CALLER in (await pages.get(of_case, role=Role.AUDITOR)).text
    assert CALLER not in (await pages.get(of_case, role=Role.QUALITY_OFFICER)).text
