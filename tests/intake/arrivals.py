"""How people come, by each of the eight channels: what its desk writes down."""

from typing import Any

CAME = "2026-11-22T06:00:00Z"
RECEIVED = "2026-11-22T06:10:00Z"
WENT = "2026-11-22T06:35:00Z"
CALLER = "سالم الحربي"
NOTES = "حضرت مع ابنها الأكبر"
PLACE = "بيت خلف جامع الحي"

ARRIVALS: dict[str, dict[str, Any]] = {
    "interview": {"came_at": CAME, "started_at": RECEIVED, "ended_at": WENT, "notes": NOTES},
    "phone": {
        "caller": CALLER,
        "caller_is": "relative",
        "number": "٠٥٥٥٠٠٠١١١",
        "script_version": "2",
        "started_at": RECEIVED,
        "ended_at": WENT,
        "call_back_at": "2026-11-24T07:00:00Z",
    },
    "social": {"platform": "x", "account": "@made_up", "link": "https://x.example/made_up/1"},
    "letter": {
        "number": "44/1203",
        "dated": "2026-11-20",
        "attachments": 2,
        "subject": "طلب إعانة لأسرة",
        "sender": "مركز حي هدى الشام",
    },
    "help_request": {"ticket": "HR-77", "need": "سداد إيجار", "urgent": True},
    "volunteering": {"volunteer": "ريم العتيبي", "opportunity": "زيارات رمضان"},
    "website": {},
    "delegate": {"place": PLACE, "device_at": RECEIVED},
}


def arrival(channel: str, **changes: Any) -> dict[str, Any]:
    return {"channel": channel, **ARRIVALS[channel], **changes}
