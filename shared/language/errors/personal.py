"""What is refused about a person's own data (Personal Data Protection Law, M/19)."""

from shared.language.errors.base import Refusal


class PersonErased(Refusal):
    code, status = "person_erased", 410
    ar = "مُحيت بيانات هذا الشخص بطلبه أو بانتهاء مدة حفظها؛ لا يقرؤها أحد بعد الآن."
    en = "This person's data were erased, at his request or at the end of their keeping; nobody can read them any more."


class PersonNotFound(Refusal):
    code, status = "person_not_found", 404
    ar = "لا يوجد في هذه الجمعية ملف لهذا الشخص. تحقق من الرقم."
    en = "The association holds nothing of this person. Check the number."


class RightsRequestNotFound(Refusal):
    code, status = "rights_request_not_found", 404
    ar = "لا يوجد طلب حقوق بهذا الرقم."
    en = "There is no request about personal data with this number."


class RightsRequestAnswered(Refusal):
    code = "rights_request_answered"
    ar = "سبقت الإجابة عن هذا الطلب."
    en = "This request about personal data has its answer already."


class RightsRequestOfAnotherKind(Refusal):
    code = "rights_request_of_another_kind"
    ar = "هذا طلب «{kind}»، ولا يُجاب بهذه الطريقة."
    en = "This is a request for {kind}; it is not answered this way."


class IdentityUnproven(Refusal):
    code = "identity_unproven"
    ar = "لم تثبت هوية مقدّم الطلب. أثبتها أولًا، ثم أجب."
    en = "Nobody has verified who asks. Verify his identity first, then answer."


class AlreadyExtended(Refusal):
    code = "already_extended"
    ar = "مُددت مهلة هذا الطلب مرة، ولا تُمدد ثانية."
    en = "The time for this request was extended once; it is not extended again."


class ExtendedTooLate(Refusal):
    code = "extended_too_late"
    ar = "انتهت مهلة هذا الطلب في {due_on}؛ لا تمديد بعد انتهائها."
    en = "The time for this request ended on {due_on}; it cannot be extended afterwards."


class CaseStillOpen(Refusal):
    code = "case_still_open"
    ar = "له طلبات لم تنته بعد: {references}. أنهها أو اسحبها، ثم أعد المحاولة."
    en = "He has cases that have not ended: {references}. Bring them to their end or withdraw them, then try again."


class RetentionRuns(Refusal):
    code = "retention_runs"
    ar = "تُحفظ بياناته حتى {until} بحسب مدد الحفظ في سياسة الجمعية."
    en = "His data are kept until {until}, as the association's retention periods say."


class ConsentNotNeeded(Refusal):
    code, status = "consent_not_needed", 422
    ar = "رسائل الخدمة لا تحتاج إلى موافقة."
    en = "Messages about the service itself need no consent."
