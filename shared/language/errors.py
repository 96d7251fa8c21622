"""Refusals: what may not be done, in words that say what to do instead.

A refusal is a fact with a stable code and an HTTP status, told in Arabic and English, and where it can, with the field
that it is about and the policy clause that speaks. Anything else that is raised is a bug.
"""

from typing import ClassVar

from shared.language.clauses import Clause


class Refusal(Exception):
    """A rule said no. `facts` fill the sentences; they never hold personal data."""

    code: ClassVar[str]
    status: ClassVar[int] = 409
    ar: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, *, field: str | None = None, clause: Clause | None = None, **facts: object) -> None:
        self.field = field
        self.clause = clause
        self.facts = facts
        self.facts_ar: dict[str, object] = {}
        """What the Arabic sentence says otherwise, where a fact is itself words."""
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        return self.en.format(**self.facts) if language == "en" else self.ar.format(**(self.facts | self.facts_ar))


# --- at the door


class NotSignedIn(Refusal):
    code, status = "not_signed_in", 401
    ar = "هذه الصفحة تتطلب تسجيل الدخول. سجّل الدخول ثم أعد المحاولة."
    en = "This needs a signed-in person. Sign in and try again."


class TokenExpired(Refusal):
    code, status = "token_expired", 401
    ar = "انتهت صلاحية الدخول. سجّل الدخول من جديد؛ لم يُحفظ شيء."
    en = "Your sign-in has expired. Sign in again; nothing was written."


class TokenForged(Refusal):
    code, status = "token_forged", 401
    ar = "رمز الدخول ليس من هذا النظام. سجّل الدخول من جديد."
    en = "This token was not issued here. Sign in again."


class NotAllowed(Refusal):
    code, status = "not_allowed", 403
    ar = "دورك لا يسمح بهذا. الأدوار المسموح لها: {roles}."
    en = "Your role may not do this. It is for: {roles}."


class AssociationUnknown(Refusal):
    code, status = "association_unknown", 403
    ar = "لا توجد جمعية بهذا الرمز في هذا النظام."
    en = "There is no such association in this installation."


class ForeignBranch(Refusal):
    code, status = "foreign_branch", 403
    ar = "هذا الملف يخص فرعًا آخر. تواصل مع ذلك الفرع أو مع المركز الرئيس."
    en = "This file belongs to another branch. Call that branch or the head office."


class BodyTooLarge(Refusal):
    code, status = "body_too_large", 413
    ar = "المرسل أكبر من الحد المسموح ({limit} بايت). قسّمه ثم أعد الإرسال."
    en = "What was sent is over the limit ({limit} bytes). Send it in smaller parts."


class KeyReused(Refusal):
    code, status = "idempotency_key_reused", 422
    ar = "استُخدم مفتاح التكرار هذا لطلب مختلف. أرسل الطلب بمفتاح جديد."
    en = "This Idempotency-Key was used for a different request. Send it with a new key."


class Malformed(Refusal):
    code, status = "malformed", 422
    ar = "في الحقل «{name}» خطأ: {why}. صحّحه ثم أعد الإرسال؛ لم يُحفظ شيء."
    en = "The field “{name}” is wrong: {why}. Correct it and send again; nothing was written."


class NotFound(Refusal):
    code, status = "not_found", 404
    ar = "لا يوجد ما يطابق هذا العنوان. تحقق من الرقم."
    en = "There is nothing at this address. Check the number."


class MethodNotAllowed(Refusal):
    code, status = "method_not_allowed", 405
    ar = "هذا العنوان لا يقبل هذه الطريقة."
    en = "This address does not take this method."


class Collided(Refusal):
    code = "collided"
    ar = "سجّل شخص آخر الشيء نفسه في اللحظة نفسها. لم يُحفظ شيء؛ أعد الإرسال."
    en = "Somebody recorded the same thing at the same moment. Nothing was written; send it again."


class Broken(Refusal):
    code, status = "broken", 500
    ar = "خطأ في النظام نفسه، وليس فيما أرسلت. لم يُحفظ شيء، وسُجّل الخطأ؛ أعد المحاولة أو أبلغ مشغّل النظام."
    en = "Athar itself is at fault, not what you sent. Nothing was written; try again or call the operator."


class PartDown(Refusal):
    code, status = "part_down", 503
    ar = "جزء من النظام متوقف الآن. لم يُحفظ شيء؛ أعد المحاولة بعد قليل."
    en = "A part of the system is down. Nothing was written; try again shortly."


# --- intake


class CaseNotFound(Refusal):
    code, status = "case_not_found", 404
    ar = "لا يوجد طلب بهذا الرقم. تحقق من الرقم."
    en = "There is no case with this number. Check the number."


class StepOutOfOrder(Refusal):
    code = "step_out_of_order"
    ar = "الطلب في حالة «{status}» ولا يقبل «{event}» الآن. أتمّ الخطوة السابقة أولًا."
    en = "The case is “{status}”, where “{event}” cannot happen. Finish the step before it first."


class ChannelNotAdopted(Refusal):
    code, status = "channel_not_adopted", 422
    ar = "لم تعتمد الجمعية قناة «{channel}» في سياستها ({clause_id}). القنوات المعتمدة: {adopted}."
    en = "The association's policy does not adopt the channel “{channel}” ({clause_id}). It adopts: {adopted}."


class ServiceUnknown(Refusal):
    code, status = "service_unknown", 422
    ar = "لا تقدم الجمعية خدمة «{service}». الخدمات: {offered}."
    en = "The association offers no service “{service}”. It offers: {offered}."


class BranchUnknown(Refusal):
    code, status = "branch_unknown", 422
    ar = "لا يوجد فرع «{branch}» في هذه الجمعية."
    en = "The association has no branch “{branch}”."


class NationalIdWrong(Refusal):
    code, status = "national_id_wrong", 422
    ar = "رقم الهوية أو الإقامة غير صحيح: عشرة أرقام تبدأ بـ 1 أو 2 ورقم التحقق مطابق. راجع الرقم مع صاحبه."
    en = "The national or residence id is wrong: ten digits from 1 or 2 with a matching check digit. Read it again."


class DocumentNotOnChecklist(Refusal):
    code, status = "document_not_on_checklist", 422
    ar = "المستند «{kind}» ليس في قائمة هذه الخدمة. القائمة: {checklist}."
    en = "The document “{kind}” is not on this service's checklist. The list: {checklist}."


class DocumentExpired(Refusal):
    code, status = "document_expired", 422
    ar = "المستند «{kind}» غير صالح اليوم: انتهت صلاحيته في {expired_on}. اطلب نسخة سارية."
    en = "The document “{kind}” is not valid today: it ran out on {expired_on}. Ask for one in force."


class FormIncomplete(Refusal):
    code, status = "form_incomplete", 422
    ar = "نموذج الخدمة ينقصه أو يخالف: {name}. أكمله ثم أعد الإرسال."
    en = "The service's form lacks or misstates: {name}. Complete it and send again."


class AttestationMissing(Refusal):
    code = "attestation_missing"
    ar = "لا يُرفع الطلب قبل توقيع مقدّمه على صحة بياناته. خذ الإقرار أولًا."
    en = "The request cannot go up before the applicant signs for his data. Take the attestation first."


class AttestationNotAdopted(Refusal):
    code = "attestation_not_adopted"
    ar = "سياسة الجمعية لا تطلب إقرارًا. ارفع الطلب مباشرة."
    en = "The association's policy asks for no attestation. Refer the request directly."


class StatementsNotAccepted(Refusal):
    code, status = "statements_not_accepted", 422
    ar = "لم تُقبل كل عبارات الإقرار في نصه الساري ({version}). اقرأها عليه ثم سجّل قبوله لها كلها."
    en = "Not every statement of the attestation in force ({version}) was accepted. Read them to him and record all."


class DataChanged(Refusal):
    code = "data_changed"
    ar = "تغيّرت بيانات الطلب بعد الإقرار. خذ إقرارًا جديدًا."
    en = "The request changed after it was attested. Take a new attestation."


class NotAccepted(Refusal):
    code = "not_accepted"
    ar = "لم يُقبل هذا الطلب، فلا تسجيل له."
    en = "This request was not accepted, so it cannot be registered."


class NotRejected(Refusal):
    code = "not_rejected"
    ar = "قُبل هذا الطلب؛ التظلم والإغلاق المباشر للمرفوض وحده."
    en = "This request was accepted; an appeal or a direct closing is for a rejected one."


class BenefitUndocumented(Refusal):
    code = "benefit_undocumented"
    ar = "لا يُغلق الملف قبل توثيق الاستفادة من الخدمة. وثّقها أولًا."
    en = "The file cannot close before the benefit is documented. Document it first."


class ClarificationNotFound(Refusal):
    code, status = "clarification_not_found", 404
    ar = "لا يوجد استفسار بهذا الرقم في هذا الطلب."
    en = "This case has no clarification with this number."


class AlreadyAnswered(Refusal):
    code = "already_answered"
    ar = "سبقت الإجابة عن هذا. الإجابة الأولى محفوظة."
    en = "This was answered already. The first answer stands."


class ToolNotAdopted(Refusal):
    code, status = "tool_not_adopted", 422
    ar = "الأداة «{tool}» ليست في سياسة الجمعية."
    en = "The tool “{tool}” is not in the association's policy."


class ToolNotInForce(Refusal):
    code = "tool_not_in_force"
    ar = "لا توجد نسخة سارية من «{tool}». انشر نسخة أولًا."
    en = "No edition of “{tool}” is in force. Publish one first."


class EditionTaken(Refusal):
    code = "edition_taken"
    ar = "صدرت نسخة بهذا الرقم «{edition}». اختر رقمًا جديدًا."
    en = "There is an edition “{edition}” already. Choose another number."


class CirculationNotFound(Refusal):
    code, status = "circulation_not_found", 404
    ar = "لا يوجد تعميم بهذا الرقم."
    en = "There is no circulation with this number."


# --- research


class ReviewNotFound(Refusal):
    code, status = "review_not_found", 404
    ar = "لا توجد دراسة لهذا الطلب."
    en = "There is no review of this case."


class ReviewEnded(Refusal):
    code = "review_ended"
    ar = "انتهت دراسة هذا الطلب ({status})، فلا يُضاف إليها."
    en = "The review of this case has ended ({status}); nothing can be added."


class StudyMissing(Refusal):
    code = "study_missing"
    ar = "لا قرار قبل دراسة الحالة ومطابقة البيانات للواقع. اكتب الدراسة أولًا."
    en = "No decision before the study that holds the data against reality. Write the study first."


class AlreadyStudied(Refusal):
    code = "already_studied"
    ar = "كُتبت دراسة هذا الطلب."
    en = "This case has its study."


class WrongReviewingBody(Refusal):
    code = "wrong_reviewing_body"
    ar = "هذا الطلب يبتّ فيه: {body}."
    en = "This case is decided by the {body}."


class QuorumNotReached(Refusal):
    code = "quorum_not_reached"
    ar = "صوّت {votes} والنصاب {quorum}. انتظر بقية الأعضاء."
    en = "{votes} have voted and the quorum is {quorum}. Wait for the other members."


class VotesTied(Refusal):
    code = "votes_tied"
    ar = "تعادلت الأصوات. يلزم صوت آخر."
    en = "The votes are tied. One more is needed."


class AlreadyVoted(Refusal):
    code = "already_voted"
    ar = "سبق تصويتك في هذا الطلب."
    en = "You have voted on this case."


class NotImpartial(Refusal):
    code, status = "not_impartial", 403
    ar = "من درس الحالة أو رفضها من قبل لا يبتّ فيها وحده. يبتّ فيها غيرك."
    en = "Whoever studied the case, or rejected it before, does not decide it. Another has to."


# --- notifications


class MessageNotFound(Refusal):
    code, status = "message_not_found", 404
    ar = "لا توجد رسالة بهذا الرقم."
    en = "There is no message with this number."


class MessageNotFailed(Refusal):
    code = "message_not_failed"
    ar = "لا تُرسل من جديد إلا رسالة تعذّر إرسالها؛ هذه حالتها «{status}»."
    en = "Only a message that failed is sent again; this one is “{status}”."


# --- feedback


class SurveyNotFound(Refusal):
    code, status = "survey_not_found", 404
    ar = "رمز الاستبانة غير صحيح. انسخه كما وصلك."
    en = "This survey code is not right. Copy it as it reached you."


class RelationNotFound(Refusal):
    code, status = "relation_not_found", 404
    ar = "لا توجد شكوى أو اقتراح بهذا الرقم."
    en = "There is no complaint or suggestion with this number."


class ImprovementNotFound(Refusal):
    code, status = "improvement_not_found", 404
    ar = "لا يوجد إجراء تحسين بهذا الرقم."
    en = "There is no improvement with this number."


class AlreadyResolved(Refusal):
    code = "already_resolved"
    ar = "سبق إنهاء هذا."
    en = "This has been brought to its end already."


class DepartmentUnknown(Refusal):
    code, status = "department_unknown", 422
    ar = "لا توجد إدارة «{department}» في هذه الجمعية."
    en = "The association has no department “{department}”."
