"""How people come, as somebody types it at the desk: for each channel that the desk takes."""

from datetime import date
from typing import Any

from tests.intake.pages.clerk import on

NOTES = "حضرت مع ابنها الأكبر"
CALLER = "سالم الحربي"
SUBJECT = "طلب إعانة لأسرة"

TYPED: dict[str, dict[str, Any]] = {
    "interview": {
        "arrival.came_at": "٠٩:٠٠",
        "arrival.started_at": "09:10",
        "arrival.ended_at": "9:35",
        "arrival.notes": NOTES,
    },
    "phone": {
        "arrival.caller": CALLER,
        "arrival.caller_is": "relative",
        "arrival.number": "٠٥٥٥٠٠٠١١١",
        "arrival.script_version": "2",
        "arrival.started_at": "09:10",
        "arrival.ended_at": "09:35",
        **on("arrival.call_back_day", date(2026, 11, 24)),
        "arrival.call_back_at": "10:00",
    },
    "social": {
        "arrival.platform": "x",
        "arrival.account": "@made_up",
        "arrival.link": "https://x.example/made_up/1",
    },
    "letter": {
        "arrival.number": "44/1203",
        **on("arrival.dated", date(2026, 11, 20)),
        "arrival.attachments": "٢",
        "arrival.subject": SUBJECT,
        "arrival.sender": "مركز حي هدى الشام",
    },
    "help_request": {"arrival.ticket": "HR-77", "arrival.need": "سداد إيجار", "arrival.urgent": "yes"},
    "volunteering": {"arrival.volunteer": "ريم العتيبي", "arrival.opportunity": "زيارات رمضان"},
    "delegate": {"arrival.place": "بيت خلف جامع الحي", "arrival.device_at": "08:40"},
}
