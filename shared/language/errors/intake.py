"""What intake refuses: the branch's desk."""

from shared.language.errors.base import Refusal


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


class DocumentNotFound(Refusal):
    code, status = "document_not_found", 404
    ar = "لا يوجد مستند بهذا الرقم في هذا الطلب."
    en = "This case has no document with this number."


class DocumentWithoutFile(Refusal):
    code, status = "document_without_file", 404
    ar = "سُجّل هذا المستند دون ملف. صوّره وأرسل صورته."
    en = "This document was recorded without a file. Photograph it and send the image."


class TooManyFiles(Refusal):
    code = "too_many_files"
    ar = "لهذا المستند {limit} ملفات، وهو الحد. سجّل المستند من جديد ثم أرسل ملفه."
    en = "This document has {limit} files, which is the limit. Record the document anew and send its file."


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


class NoMobileToText(Refusal):
    code, status = "no_mobile_to_text", 422
    ar = "لا جوال في ملف المتقدم يُرسل إليه رمز. سجّل جواله أولًا، أو خذ توقيعه دون رمز."
    en = "The applicant's file has no mobile to send a code to. Record his mobile first, or take his signature without."


class SignatureIncomplete(Refusal):
    code, status = "signature_incomplete", 422
    ar = "من وقّع بشاهد أو ببصمة أو وقّع عنه وليّه: يُسمّى الشاهد أو الولي وصلته، ويُذكر السبب."
    en = "Where a witness, a thumb or a guardian stands for a signature, name the witness or guardian, and say why."


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


class SignatureNotDrawn(Refusal):
    code, status = "signature_not_drawn", 404
    ar = "لا يوجد توقيع مرسوم لهذا الطلب."
    en = "This request has no drawn signature."


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
