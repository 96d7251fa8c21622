"""Invented people in pages as they will be: where the look is seen, judged and tested. Production serves none of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request

from shared.language.roles import Role
from shared.ui.forms import Form
from shared.ui.frame import Frame, Place, Visitor
from shared.ui.language import Language, mark

EXAMPLES = ("parts", "queue", "case", "request", "follow", "survey", "dashboard", "confirm")
NOW = datetime(2026, 11, 19, 7, 42, tzinfo=UTC)
Say = Callable[[str, str], str]

PLACES = (
    Place("queue", mark("Assigned to me"), "/ui/gallery/queue", "inbox"),
    Place("new", mark("New requests"), "/ui/gallery/queue?status=received", "file-text"),
    Place("request", mark("New request"), "/ui/gallery/request", "plus"),
    Place("dashboard", mark("Indicators"), "/ui/gallery/dashboard", "gauge"),
    Place("parts", mark("Parts of a page"), "/ui/gallery", "layout-grid"),
)


@dataclass(frozen=True)
class Case:
    """A row of a queue."""

    reference: str
    name: str
    service: str
    branch: str
    status: str
    papers: str
    amount: int
    days: int


@dataclass(frozen=True)
class Entry:
    """A line of a timeline."""

    title: str
    text: str
    who: str
    at: datetime
    by_machine: bool = False


def facts(example: str, language: Language, request: Request) -> dict[str, Any]:
    """What the template of an example is told."""
    say: Say = (lambda ar, _: ar) if language is Language.ARABIC else (lambda _, en: en)
    more = {"queue": _queue, "case": _case, "dashboard": _dashboard, "parts": _parts, "request": _request}.get(example)
    public = example in {"follow", "survey"}
    visitor = Visitor(say("منيرة الشمري", "Munira Alshammari"), Role.SOCIAL_RESEARCHER, say("فرع حائل", "Hail branch"))
    frame = Frame(
        here=example,
        organisation=say("جمعية عون الخيرية", "Awn Association"),
        visitor=None if public else visitor,
        places=PLACES,
        counts={"queue": 8, "new": 27},
        search=None if public else "/ui/gallery/queue",
        keeps=example == "request",
        owner="gallery",
    )
    return {"frame": frame, "say": say, "today": date(2026, 11, 19)} | (more(say, request) if more else {})


def _cases(say: Say) -> list[Case]:
    rent, care = say("سداد إيجار متأخر", "Late rent"), say("علاج ودواء", "Treatment")
    food, home = say("سلة غذائية", "Food basket"), say("أجهزة منزلية", "Household appliances")
    hail, jazan = say("فرع حائل", "Hail branch"), say("فرع جازان", "Jazan branch")
    return [
        Case("HL-2026-004127", "نورة بنت سعد القحطاني", rent, hail, "referred", "5/7", 8_400, 1),
        Case("HL-2026-004119", "مها عبدالرحمن الرشيدي", home, hail, "answered", "6/6", 6_000, 4),
        Case("JZ-2026-000963", "فاطمة علي حكمي", home, jazan, "incomplete", "2/6", 3_100, -3),
        Case("HL-2026-004131", "سلطان مسفر العنزي", rent, hail, "received", "4/8", 42_000, 5),
        Case("JZ-2026-000971", "Mohammed Yusuf Khan", food, jazan, "attested", "3/4", 1_200, 0),
        Case("HL-2026-004098", "عائشة حسن البوعينين", care, hail, "delivered", "5/5", 2_750, 11),
        Case("HL-2026-004135", "ريم خالد المطيري", care, hail, "received", "3/3", 930, 5),
        Case("HL-2026-004077", "أحمد محمود الحسن", care, hail, "decided", "7/7", 15_250, 2),
    ]


def _queue(say: Say, request: Request) -> dict[str, Any]:
    status, words = request.query_params.get("status", ""), request.query_params.get("q", "").strip()
    rows = [
        case
        for case in _cases(say)
        if status in {"", case.status} and (words in case.name or words.upper() in case.reference)
    ]
    return {"rows": rows, "status": status, "asked": Form(values={"q": words, "status": status})}


def _case(say: Say, _: Request) -> dict[str, Any]:
    munira, sara = say("منيرة الشمري", "Munira Alshammari"), say("سارة الفهيد", "Sara Alfuhaid")
    entries = [
        Entry(
            say("رسالة", "Message"),
            say(
                "أُرسلت رسالة نصية: «استلمنا طلبك رقم HL-2026-004127».",
                "An SMS was sent: “We have your request HL-2026-004127”.",
            ),
            say("النظام", "The system"),
            NOW,
            by_machine=True,
        ),
        Entry(
            say("مستند", "Document"),
            say("أُرفق عقد الإيجار (صفحتان، PDF).", "The tenancy agreement was attached (two pages, PDF)."),
            munira,
            NOW - timedelta(minutes=11),
        ),
        Entry(
            say("زيارة منزلية", "Home visit"),
            say(
                "زيارة وتحقق من السكن؛ سُجلت دون شبكة وأُرسلت لاحقًا.",
                "Visit and check of the home; recorded without a network and sent later.",
            ),
            munira,
            NOW - timedelta(hours=18),
        ),
        Entry(
            say("استلام", "Reception"),
            say("قُدم الطلب لدى مندوب الفرع.", "Handed in to the branch's delegate."),
            sara,
            NOW - timedelta(days=4),
        ),
    ]
    return {"entries": entries}


def _dashboard(say: Say, _: Request) -> dict[str, Any]:
    kinds = [
        (say("الإيجار", "Rent"), 412),
        (say("الغذاء", "Food"), 388),
        (say("العلاج", "Treatment"), 264),
        (say("التعليم", "Education"), 173),
        (say("الأجهزة المنزلية", "Appliances"), 121),
        (say("الترميم", "Repairs"), 64),
    ]
    weeks = [(31, 24), (38, 29), (35, 33), (44, 36), (41, 40), (52, 43), (47, 49), (39, 45)]
    return {
        "figures": [
            (
                say("طلبات مستلمة", "Requests received"),
                "1,422",
                say("أكثر بـ 8% من الربع السابق", "8% more than last quarter"),
                "good",
            ),
            (say("متوسط أيام القرار", "Days to a decision"), "6.4", say("أقل بـ 1.2 يوم", "1.2 days fewer"), "good"),
            (say("متأخرة عن الموعد", "Overdue"), "37", say("أكثر بـ 5", "5 more"), "bad"),
            (say("رضا المستفيدين", "Satisfaction"), "4.3 / 5", say("أعلى بـ 0.2", "0.2 higher"), "good"),
        ],
        "kinds": kinds,
        "weeks": [(say(f"أ{place}", f"W{place}"), values) for place, values in enumerate(weeks, 1)],
        "steps": [
            (say("مستلمة", "Received"), 1_422),
            (say("مكتملة", "Complete"), 1_180),
            (say("مرفوعة إلى اللجنة", "Referred"), 1_004),
            (say("مقبولة", "Accepted"), 771),
            (say("مسلَّمة", "Delivered"), 702),
        ],
    }


def _request(say: Say, _: Request) -> dict[str, Any]:
    return {"kinds": _kinds(say)}


def _parts(say: Say, request: Request) -> dict[str, Any]:
    values = {
        "wrong_mobile": "05123",
        "wrong_born_day": "31",
        "wrong_born_month": "2",
        "wrong_born_year": "1448",
        "face": "4",
    }
    errors = {
        "wrong_mobile": say(
            "رقم الجوال ناقص: اكتب عشرة أرقام تبدأ بـ 05.", "The mobile number is too short: type ten digits from 05."
        ),
        "wrong_born": say("لا يوجد هذا اليوم في التقويم.", "There is no such day in the calendar."),
    }
    return (
        _case(say, request)
        | _dashboard(say, request)
        | {
            "rows": _cases(say)[:3],
            "kinds_of_aid": _kinds(say),
            "wrong": Form(values=values, errors=errors),
        }
    )


def _kinds(say: Say) -> list[tuple[str, ...]]:
    return [
        ("rent", say("سداد إيجار متأخر", "Late rent"), say("حتى إيجار ستة أشهر", "Up to six months")),
        ("care", say("علاج ودواء", "Treatment and medicine")),
        ("food", say("سلة غذائية", "Food basket")),
    ]
