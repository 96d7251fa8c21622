"""The letters about a request: that it came in, that it went up with both dates, what was decided."""

from datetime import timedelta

from shared.letters import Items, typeset
from shared.letters.receipts import decision_letter, receipt, referral_notice
from tests.letters.paper import FOLLOW, NAME, NOON, REFERENCE, codes_of, facts, request, sentences, shown_lack

FLOOR = NOON + timedelta(days=14)


def test_a_receipt_says_what_is_missing_in_one_list() -> None:
    made = receipt(request(), now=NOON, papers=2, missing=("عقد الإيجار", "تعريف بالراتب"))
    (wanted,) = [piece for piece in made.body if isinstance(piece, Items)]
    assert wanted.items == ("عقد الإيجار", "تعريف بالراتب")
    assert facts(made)["رقم الطلب"] == REFERENCE
    assert made.addressee == NAME


def test_a_receipt_of_a_whole_request_asks_for_nothing() -> None:
    assert not [piece for piece in receipt(request(), now=NOON, papers=2).body if isinstance(piece, Items)]


def test_the_notice_promises_an_answer_in_no_less_than_two_weeks_with_both_dates() -> None:
    """`step.committee_notice`."""
    made = referral_notice(request(), referred_at=NOON, answer_not_before=FLOOR)
    assert "في مدة لا تقل عن أسبوعين" in sentences(made)
    assert facts(made)["تاريخ الرفع"] == "12 جمادى الآخرة 1448هـ الموافق 22 نوفمبر 2026م"
    assert facts(made)["أقرب موعد للإجابة"] == "26 جمادى الآخرة 1448هـ الموافق 6 ديسمبر 2026م"
    assert "لن تصدر إجابة الطلب قبل 26 جمادى الآخرة 1448هـ الموافق 6 ديسمبر 2026م." in sentences(made)
    printed = typeset(made)
    assert shown_lack(printed, "أسبوعين", NAME, REFERENCE, "22 نوفمبر 2026م", "6 ديسمبر 2026م") == {}
    assert codes_of(printed) == [FOLLOW]


def test_a_longer_floor_is_promised_in_its_own_days() -> None:
    made = referral_notice(request(), referred_at=NOON, answer_not_before=NOON + timedelta(days=21))
    assert "في مدة لا تقل عن 21 يومًا" in sentences(made)


def test_the_notice_is_dated_the_day_it_went_up_in_riyadh() -> None:
    late = NOON.replace(hour=22)
    made = referral_notice(request(), referred_at=late, answer_not_before=late + timedelta(days=14))
    assert made.day.isoformat() == "2026-11-23"


def test_the_notice_of_an_appeal_names_who_does_not_study_it() -> None:
    made = referral_notice(request(), referred_at=NOON, answer_not_before=FLOOR, appealed=True)
    assert "غير من رفضوه" in sentences(made)


def test_a_department_promises_no_two_weeks() -> None:
    made = referral_notice(request(), referred_at=NOON, answer_not_before=None, to_committee=False)
    assert "أسبوعين" not in sentences(made)
    assert "الإدارة صاحبة الخدمة" in sentences(made)
    assert "أقرب موعد للإجابة" not in facts(made)


def test_the_notice_in_english_says_the_same() -> None:
    made = referral_notice(request(language="en"), referred_at=NOON, answer_not_before=FLOOR)
    assert "in no less than two weeks" in sentences(made)
    assert facts(made)["Earliest answer"] == "26 Jumada al-Akhirah 1448 AH, 6 December 2026"


def test_a_rejection_names_its_reason_and_the_right_to_appeal() -> None:
    """`eligibility.answer`."""
    made = decision_letter(request(), accepted=False, reason="دخل الأسرة فوق الحد.", answered_at=NOON)
    assert "السبب: دخل الأسرة فوق الحد." in sentences(made)
    assert "التظلم حقكم" in sentences(made)
    assert "رفض الطلب" in sentences(made)


def test_an_acceptance_speaks_of_no_appeal() -> None:
    made = decision_letter(request(), accepted=True, reason="استوفى الشروط.", answered_at=NOON)
    assert "قبول الطلب" in sentences(made)
    assert "التظلم" not in sentences(made)
