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
    request: Request,
    *,
    referred_at: datetime,
    answer_not_before: datetime | None,
    to_committee: bool = True,
    appealed: bool = False,
) -> Letter:
    """That it went up, and to whom, and that a committee answers in no less than two weeks (`step.committee_notice`).

    Dated the day it went up. Without `answer_not_before` nobody promises such a time.
    """
    floor = None if answer_not_before is None else _floor(referred_at, answer_not_before)
    told = request.sentence(
        _went_up_ar(request, referred_at, floor=floor, to_committee=to_committee, appealed=appealed),
        _went_up_en(request, referred_at, floor=floor, to_committee=to_committee, appealed=appealed),
    )
    rows = [(request.say("تاريخ الرفع", "Went up on"), request.day(referred_at))]
    body: list[Piece] = []
    if answer_not_before is not None:
        not_before = Term(term=request.day(answer_not_before))
        rows.append((request.say("أقرب موعد للإجابة", "Earliest answer"), not_before.term))
        body.append(
            request.sentence(
                ("لن تصدر إجابة الطلب قبل ", not_before, "."),
                ("There will be no answer before ", not_before, "."),
                strong=True,
            )
        )
    rest = request.sentence(
        ("لا يلزمكم شيء الآن؛ ستصلكم الإجابة دون أن تسألوا عنها.",),
        ("There is nothing you need to do now; the answer will reach you without your asking.",),
    )
    subject = request.say("إشعار بإحالة الطلب للدراسة", "Your request is being studied")
    if to_committee:
        subject = request.say("إشعار برفع الطلب إلى لجنة البحث", "Your request went up to the research committee")
    whole = (told, request.facts(*rows), *body, rest)
    return request.letter(day=riyadh_day(referred_at), subject=subject, body=whole)


def _went_up_ar(
    request: Request, at: datetime, *, floor: tuple[str, str] | None, to_committee: bool, appealed: bool
) -> tuple[str | Term, ...]:
    what = "تظلمكم في الطلب رقم " if appealed else "طلبكم رقم "
    body = "لجنة البحث" if to_committee else "الإدارة صاحبة الخدمة"
    others = "، ويدرسه غير من رفضوه، وتجيبكم" if appealed else "، وستتحقق من بياناته وتدرسه وتجيبكم"
    time = f" في مدة لا تقل عن {floor[0]}." if floor else "."
    reference, day = Term(term=request.reference), Term(term=request.day(at))
    return ("نفيدكم بأن ", what, reference, " رُفع في ", day, f" إلى {body}{others} بالقبول أو الرفض{time}")


def _went_up_en(
    request: Request, at: datetime, *, floor: tuple[str, str] | None, to_committee: bool, appealed: bool
) -> tuple[str | Term, ...]:
    what = "Your appeal on request " if appealed else "Your request "
    body = "the research committee" if to_committee else "the department that owns the service"
    who = "Others than those who rejected it study it; the answer is" if appealed else "It studies it and answers,"
    time = f", in no less than {floor[1]}." if floor else "."
    reference, day = Term(term=request.reference), Term(term=request.day(at))
    return (what, reference, " went up on ", day, f" to {body}. {who} accepted or rejected{time}")


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
