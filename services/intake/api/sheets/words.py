"""Codes as the tables of the desk say them in Arabic, and what a policy calls its branches and services."""

from collections.abc import Mapping

from services.intake.domain.letters import Direction
from services.intake.domain.register.duplicates import Finding, Sign
from services.intake.domain.transfers import TransferStatus
from shared.language.events import Outcome, ProposalKind
from shared.plumbing.list_sheet import Language
from shared.policy.pack import Pack

OUTCOMES: Mapping[Outcome, str] = {Outcome.ACCEPTED: "قبول", Outcome.REJECTED: "رفض"}
TRANSFERS: Mapping[TransferStatus, str] = {
    TransferStatus.ASKED: "بانتظار الرد",
    TransferStatus.ACCEPTED: "مقبول",
    TransferStatus.REFUSED: "مرفوض",
    TransferStatus.REVOKED: "مسحوب",
}
PROPOSALS: Mapping[ProposalKind, str] = {
    ProposalKind.DOCUMENT_EXPIRING: "مستند يوشك على الانتهاء",
    ProposalKind.SERVICE_FITS: "خدمة تناسب الأسرة",
    ProposalKind.FOLLOW_UP_DUE: "متابعة حان موعدها",
}
DIRECTIONS: Mapping[Direction, str] = {Direction.INCOMING: "وارد", Direction.OUTGOING: "صادر"}
FINDINGS: Mapping[Finding, str] = {
    Finding.OPEN: "لم يُبت فيه",
    Finding.MERGED: "دُمجا",
    Finding.NOT_THE_SAME: "ليسا شخصًا واحدًا",
}
SIGNS: Mapping[Sign, str] = {
    Sign.NAME: "الاسم",
    Sign.MOBILE: "الجوال",
    Sign.IBAN: "الآيبان",
    Sign.BIRTHDAY: "تاريخ الميلاد",
    Sign.NUMBER_NEARLY: "رقم هوية متقارب",
    Sign.OTHER_BIRTHDAY: "تاريخ ميلاد آخر",
    Sign.OTHER_FIRST_NAME: "اسم أول آخر",
}


def branch_in(pack: Pack, code: str, language: Language) -> str:
    """The branch's name; its code where the policy has it no more."""
    branch = pack.branch(code)
    return getattr(branch.name, language) if branch else code


def service_in(pack: Pack, code: str | None, language: Language) -> str | None:
    """The service's name; its code where the policy has it no more."""
    service = pack.service(code) if code else None
    return getattr(service.name, language) if service else code
