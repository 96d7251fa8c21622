"""The letters that a request calls for: that it came in, that it went up, and what was decided."""

from datetime import date, datetime, timedelta

from shared.language.calendar import riyadh_day
from shared.letters.days import day_in_words
from shared.letters.letter import Facts, Items, Language, Letter, Paragraph, Part, Piece, Sender, Signature, Term


class Request(Part):
    """What every letter about a request needs of it."""

    language: Language = "ar"
    sender: Sender
    reference: str
    applicant: str
    service: str
    received_at: datetime
    signatures: tuple[Signature, ...] = ()
    follow: str | None = None

    def letter(self, *, day: date, subject: str, body: tuple[Piece, ...], attachments: int = 0) -> Letter:
        """A letter about this request."""
        return Letter(
            language=self.language,
            sender=self.sender,
            number=self.reference,
            day=day,
            attachments=attachments,
            subject=subject,
            addressee=self.applicant,
            body=body,
            signatures=self.signatures,
            follow=self.follow,
        )

    def say(self, ar: str, en: str) -> str:
        """The words in the letter's language."""
        return ar if self.language == "ar" else en

    def day(self, at: datetime) -> str:
        """The day of an instant, in both calendars."""
        return day_in_words(riyadh_day(at), language=self.language)

    def facts(self, *more: tuple[str, str]) -> Facts:
        """The request in a table, and what this letter adds."""
        return Facts(
            rows=(
                (self.say("رقم الطلب", "Request"), self.reference),
                (self.say("الخدمة", "Service"), self.service),
                (self.say("تاريخ التقديم", "Received on"), self.day(self.received_at)),
                *more,
            )
        )

    def sentence(self, ar: tuple[str | Term, ...], en: tuple[str | Term, ...], *, strong: bool = False) -> Paragraph:
        """A paragraph in the letter's language."""
        return Paragraph(parts=ar if self.language == "ar" else en, strong=strong)


def receipt(request: Request, *, now: datetime, papers: int, missing: tuple[str, ...] = ()) -> Letter:
    """That a request came in, with what it still lacks in one list (`step.reception`, `step.completeness`)."""
    reference = Term(term=request.reference)
    body: list[Piece] = [
        request.sentence(
            ("نفيدكم بأننا استلمنا طلبكم رقم ", reference, " وقُيّد لدينا، وبياناته كما يلي:"),
            ("We received your request ", reference, " and entered it in our register, as follows:"),
        ),
        request.facts((request.say("المستندات المستلمة", "Papers received"), str(papers))),
    ]
    if missing:
        body += [
            request.sentence(
                ("ولاستكمال الطلب نأمل تزويدنا بما يلي دفعة واحدة:",),
                ("To complete the request, please bring the following, all at once:",),
            ),
            Items(items=missing, numbered=True),
        ]
    body.append(
        request.sentence(
            ("نأمل الاحتفاظ بهذا الإيصال؛ فرقم الطلب يلزمكم عند المتابعة أو الاستفسار.",),
            ("Please keep this receipt; you need the number to follow the request or to ask about it.",),
        )
    )
    subject = request.say("إيصال استلام طلب", "Receipt of a request")
    return request.letter(day=riyadh_day(now), subject=subject, body=tuple(body))


def referral_notice(
    request: Request, *, referred_at: datetime, answer_not_before: datetime | None, again: bool = False
) -> Letter:
    """That it went up to the committee, and that it answers in no less than two weeks (`step.committee_notice`).

    Dated the day it went up. Without `answer_not_before` a department studies it, which promises no such time.
    """
    reference, went_up = Term(term=request.reference), Term(term=request.day(referred_at))
    rows = [(request.say("تاريخ الرفع", "Went up on"), request.day(referred_at))]
    if answer_not_before is None:
        told = request.sentence(
            ("نفيدكم بأن طلبكم رقم ", reference, " أُحيل في ", went_up, " إلى الإدارة صاحبة الخدمة، وستتحقق من "
             "بياناته وتدرسه وتجيبكم بالقبول أو الرفض."),
            ("Your request ", reference, " went on ", went_up, " to the department that owns the service. It verifies "
             "the data, studies the request and answers, accepted or rejected."),
        )  # fmt: skip
        subject = request.say("إشعار بإحالة الطلب للدراسة", "Your request is being studied")
        promise: tuple[Piece, ...] = ()
    else:
        floor, not_before = _floor(referred_at, answer_not_before), Term(term=request.day(answer_not_before))
        told = request.sentence(
            ("نفيدكم بأن طلبكم رقم ", reference, " رُفع في ", went_up, " إلى لجنة البحث، وستدرسه وتجيبكم بالقبول أو "
             f"الرفض في مدة لا تقل عن {floor[0]}."),
            ("Your request ", reference, " went up on ", went_up, " to the research committee. It studies it and "
             f"answers, accepted or rejected, in no less than {floor[1]}."),
        )  # fmt: skip
        if again:
            told = request.sentence(
                ("نفيدكم بأن تظلمكم في الطلب رقم ", reference, " رُفع في ", went_up, " إلى لجنة البحث، ويدرسه أعضاء غير "
                 f"من رفضوه، وتجيبكم اللجنة بالقبول أو الرفض في مدة لا تقل عن {floor[0]}."),
                ("Your appeal on request ", reference, " went up on ", went_up, " to the research committee. Members "
                 "other than those who rejected it study it, and the committee answers, accepted or rejected, in no "
                 f"less than {floor[1]}."),
            )  # fmt: skip
        subject = request.say("إشعار برفع الطلب إلى لجنة البحث", "Your request went up to the research committee")
        rows.append((request.say("أقرب موعد للإجابة", "Earliest answer"), request.day(answer_not_before)))
        promise = (
            request.sentence(
                ("لن تصدر إجابة الطلب قبل ", not_before, "."),
                ("There will be no answer before ", not_before, "."),
                strong=True,
            ),
        )
    rest = request.sentence(
        ("لا يلزمكم شيء الآن؛ ستصلكم الإجابة دون أن تسألوا عنها.",),
        ("There is nothing you need to do now; the answer will reach you without your asking.",),
    )
    body = (told, request.facts(*rows), *promise, rest)
    return request.letter(day=riyadh_day(referred_at), subject=subject, body=body)


def decision_letter(request: Request, *, accepted: bool, reason: str, answered_at: datetime) -> Letter:
    """What was decided and why, and for a rejection the right to ask again (`eligibility.answer`)."""
    reference, outcome = Term(term=request.reference), request.say(*_outcome(accepted=accepted))
    body: list[Piece] = [
        request.sentence(
            ("إشارةً إلى طلبكم رقم ", reference, "، نفيدكم بأنه دُرس، وانتهت دراسته إلى ما يلي:"),
            ("Your request ", reference, " was studied, and this was decided:"),
        ),
        Paragraph(parts=(outcome,), strong=True),
        request.facts((request.say("تاريخ القرار", "Decided on"), request.day(answered_at))),
        Paragraph(parts=(request.say("السبب: ", "Reason: "), reason)),
    ]
    if not accepted:
        body.append(
            request.sentence(
                ("التظلم حقكم: لكم طلب النظر فيه مرة أخرى، ويدرسه أعضاء غير من رفضوه.",),
                ("To appeal is your right: you may ask again, and others than those who rejected it study it.",),
            )
        )
    subject = request.say("إجابة طلبكم", "The answer to your request")
    return request.letter(day=riyadh_day(answered_at), subject=subject, body=tuple(body))


def _outcome(*, accepted: bool) -> tuple[str, str]:
    return ("قبول الطلب", "Accepted") if accepted else ("رفض الطلب", "Rejected")


def _floor(referred_at: datetime, answer_not_before: datetime) -> tuple[str, str]:
    """The time that the notice promises, as the policy words it where it is two weeks."""
    days = (answer_not_before - referred_at) // timedelta(days=1)
    if days == 14:
        return "أسبوعين", "two weeks"
    return f"{days} {'أيام' if 3 <= days <= 10 else 'يومًا'}", f"{days} days"
