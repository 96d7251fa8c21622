"""A policy pack as a person would read it, in Arabic or English, each name in both."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shared.language.clauses import Clause, ReviewingBody
from shared.policy.pack import Pack, RequiredDocument, Service, Words
from shared.policy.wording import CLAUSE_WORDS

Language = Literal["ar", "en"]

CLAUSE_GROUPS = {
    "channel": Words(ar="كيف يصل المستفيد", en="How a beneficiary reaches the association"),
    "tool": Words(ar="ما بين يدي الموظف", en="What the employee has at hand"),
    "step": Words(ar="خطوات الطلب", en="The steps of a case"),
    "eligibility": Words(ar="التحقق من الاستحقاق", en="Confirming entitlement"),
    "goal": Words(ar="ما تعد به الجمعية", en="What the association promises"),
    "policy": Words(ar="السياسة نفسها", en="The policy itself"),
}


@dataclass(frozen=True)
class _Page:
    console: Console
    language: Language

    def say(self, en: str, ar: str) -> str:
        return ar if self.language == "ar" else en

    def own(self, words: Words) -> str:
        return self.say(words.en, words.ar)

    def both(self, words: Words) -> str:
        return self.say(f"{words.en} · {words.ar}", f"{words.ar} · {words.en}")

    def sentences(self, words: Words) -> str:
        """Both languages, a line each: two directions that wrap in one line can't be read."""
        return self.say(f"{words.en}\n{words.ar}", f"{words.ar}\n{words.en}")

    def line(self, text: str, *, style: str = "") -> None:
        self.console.print(Padding(Text(text, style=style), (0, 0, 0, 2)))

    def heading(self, en: str, ar: str) -> None:
        self.console.print()
        self.console.print(Text(self.say(en, ar), style="bold"))

    def rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Two columns: an id or a label that is never cut, and what it means."""
        table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(no_wrap=True, style="cyan")
        table.add_column(overflow="fold")
        for label, meaning in rows:
            table.add_row(Text(f"  {label}"), Text(meaning))
        self.console.print(table)


def describe(pack: Pack, console: Console, *, language: Language = "en") -> None:
    """Print all that `pack` holds on `console`."""
    page = _Page(console, language)
    _association(pack, page)
    _document(pack, page)
    for group in ("channel", "tool", "step"):
        _clauses(pack, group, page)
    _decision(pack, page)
    _attestation(pack, page)
    _services(pack, page)
    _offices_and_funds(pack, page)
    for group in ("eligibility", "goal", "policy"):
        _clauses(pack, group, page)


def _association(pack: Pack, page: _Page) -> None:
    association = pack.association
    page.console.print(Text(page.both(association.name), style="bold underline"))
    rows = [
        (page.say("pack", "الحزمة"), pack.id),
        (page.say("code", "الرمز"), association.code),
        (page.say("licence", "الترخيص"), association.licence or page.say("none printed", "لم يُطبع")),
        (page.say("beneficiaries", "المستفيدون"), page.both(association.beneficiaries)),
    ]
    if association.founded is not None:
        rows.insert(3, (page.say("founded", "سنة التأسيس"), str(association.founded)))
    page.rows(rows)


def _document(pack: Pack, page: _Page) -> None:
    document, approval = pack.document, pack.document.approval
    not_printed = page.say("not printed", "لم يُطبع")
    page.heading("The document", "الوثيقة")
    page.rows(
        [
            (page.say("title", "العنوان"), page.both(document.title)),
            (page.say("edition", "الإصدار"), document.edition),
            (page.say("board meeting", "اجتماع المجلس"), approval.meeting),
            (page.say("Gregorian", "ميلادي"), approval.gregorian.isoformat() if approval.gregorian else not_printed),
            (page.say("Hijri", "هجري"), approval.hijri or not_printed),
            (page.say("as printed", "كما طُبع"), approval.as_printed),
        ]
    )
    if approval.contradiction is not None:
        warning = page.say("The printed dates contradict each other: ", "التاريخان المطبوعان متناقضان: ")
        page.line(f"! {warning}{page.own(approval.contradiction)}", style="yellow")


def _clauses(pack: Pack, group: str, page: _Page) -> None:
    adopted = [clause for clause in Clause if pack.adopts(clause) and clause.startswith(f"{group}.")]
    if not adopted:
        return
    page.heading(CLAUSE_GROUPS[group].en, CLAUSE_GROUPS[group].ar)
    page.rows((clause.value, page.sentences(CLAUSE_WORDS[clause])) for clause in adopted)


def _decision(pack: Pack, page: _Page) -> None:
    page.heading("Who decides, and when", "من يقرر ومتى")
    body = page.say("the department that owns the service", "القسم صاحب الخدمة")
    if pack.reviewing_body is ReviewingBody.COMMITTEE and pack.committee is not None:
        seats = page.say(
            f"{pack.committee.seats} seats, quorum {pack.committee.quorum}",
            f"المقاعد {pack.committee.seats}، النصاب {pack.committee.quorum}",
        )
        body = f"{page.both(pack.committee.name)} ({seats})"
    earliest = page.say("as soon as it is decided", "حال صدور القرار")
    if pack.reply_floor_days:
        earliest = page.say(
            f"{pack.reply_floor_days} full days after the referral", f"بعد {pack.reply_floor_days} يومًا كاملًا من الرفع"
        )
    target = _days(pack.reply_target_days, page) or page.say("none set", "لم يُحدد")
    expiry = _days(pack.expire_incomplete_after_days, page) or page.say("never", "لا تنتهي")
    page.rows(
        [
            (page.say("decided by", "صاحب القرار"), body),
            (page.say("answer, earliest", "أبكر موعد للرد"), earliest),
            (page.say("answer, target", "المستهدف للرد"), target),
            (page.say("incomplete requests expire", "انتهاء الطلب الناقص"), expiry),
            *_retention(pack, page),
        ]
    )


def _retention(pack: Pack, page: _Page) -> list[tuple[str, str]]:
    """How long files are kept, where the policy says it."""
    if pack.retention is None:
        return []
    kept = pack.retention
    years = page.say(
        f"served {kept.served_years}, rejected {kept.rejected_years}, taken back {kept.withdrawn_years} years",
        f"المخدوم {kept.served_years}، المرفوض {kept.rejected_years}، المسحوب {kept.withdrawn_years} سنة",
    )
    return [(page.say("files are kept", "مدة حفظ الملفات"), f"{years} ({page.both(kept.basis)})")]


def _attestation(pack: Pack, page: _Page) -> None:
    if pack.attestation is None:
        return
    version = pack.attestation.version
    page.heading(f"What the applicant signs (version {version})", f"ما يوقّعه مقدّم الطلب (النسخة {version})")
    page.line(page.sentences(pack.attestation.text))
    page.rows((f"{n}.", page.sentences(words)) for n, words in enumerate(pack.attestation.statements, start=1))


def _services(pack: Pack, page: _Page) -> None:
    page.heading("Services", "الخدمات")
    for service in pack.services:
        _service(service, pack, page)


def _service(service: Service, pack: Pack, page: _Page) -> None:
    department = pack.department(service.department)
    owner = page.own(department.name) if department else service.department
    followed_up = page.say(
        f"benefit followed up after {service.follow_up_days} days", f"متابعة الأثر بعد {service.follow_up_days} يومًا"
    )
    page.line(f"{service.id}: {page.both(service.name)} ({owner}; {followed_up})")
    form = page.say("form", "النموذج")
    optional = page.say("optional", "اختياري")
    page.rows((f"  {document.kind}", _on_checklist(document, page)) for document in service.documents)
    page.rows(
        (f"  {form}: {field.id}", page.both(field.name) + ("" if field.required else f" ({optional})"))
        for field in service.form
    )


def _on_checklist(document: RequiredDocument, page: _Page) -> str:
    need = page.say("required", "مطلوب") if document.required else page.say("optional", "اختياري")
    days = document.valid_for_days
    valid = page.say("valid until its own expiry", "صالح حتى تاريخ انتهائه")
    if days is not None:
        valid = page.say(f"no older than {days} days", f"لا يزيد عمره على {days} يومًا")
    return f"{page.both(document.name)} ({need}; {valid})"


def _offices_and_funds(pack: Pack, page: _Page) -> None:
    head = page.say(" (head office)", " (المقر الرئيس)")
    no_account = page.say("no account printed", "لم يُطبع رقم حساب")
    page.heading("Branches", "الفروع")
    page.rows((branch.id, page.both(branch.name) + (head if branch.head_office else "")) for branch in pack.branches)
    page.heading("Departments", "الأقسام")
    page.rows((department.id, page.both(department.name)) for department in pack.departments)
    page.heading("Funds", "الصناديق")
    page.rows((fund.id, f"{page.both(fund.name)} ({fund.account or no_account})") for fund in pack.funds)


def _days(days: int | None, page: _Page) -> str | None:
    return None if days is None else page.say(f"after {days} days", f"بعد {days} يومًا")
