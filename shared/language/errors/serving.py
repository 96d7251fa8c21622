"""What intake refuses after acceptance, and of its proposals."""

from shared.language.errors.base import Refusal


class CollectorNotFound(Refusal):
    code, status = "collector_not_found", 404
    ar = "لا يوجد مفوَّض بالاستلام بهذا الرقم في هذا الطلب."
    en = "This case has no authorised collector with this number."


class CollectorNotValid(Refusal):
    code = "collector_not_valid"
    ar = "تفويض الاستلام ملغى أو انتهت مدته. سجّل تفويضًا ساريًا أو سلّم المستفيد نفسه."
    en = "The authorisation was revoked or has run out. Record one in force, or deliver to the beneficiary himself."


class DeliveredTooLongAgo(Refusal):
    code, status = "delivered_too_long_ago", 422
    ar = "مضى على هذا التسليم أكثر من {days} يومًا. يسجله مدير الفرع أو موظف علاقات المستفيدين في المقر الرئيس."
    en = "This delivery is more than {days} days past. The branch's manager or the head office's intake records it."


class PlanNotFound(Refusal):
    code, status = "plan_not_found", 404
    ar = "لا يوجد موعد تسليم بهذا الرقم في هذا الطلب."
    en = "This case has no planned delivery with this number."


class PlanOver(Refusal):
    code = "plan_over"
    ar = "هذا الموعد نُفِّذ أو أُلغي."
    en = "This planned delivery was carried out or called off."


class ProofMissing(Refusal):
    code, status = "proof_missing", 422
    ar = "أثبت التسليم: بالرمز، أو بملف توقيع أو صورة، أو برقم محضر مكتوب."
    en = "Show the delivery: by the code, a file of a signature or a photo, or the number of a written record."


class ProofNotFound(Refusal):
    code, status = "proof_not_found", 404
    ar = "لا يوجد ملف إثبات بهذا الرقم في هذا الطلب."
    en = "This case has no file of proof with this number."


class DeliveryCodeWrong(Refusal):
    code, status = "delivery_code_wrong", 422
    ar = "الرمز غير صحيح أو انتهت مدته. بعد خمس محاولات أرسل رمزًا جديدًا."
    en = "The code is wrong or has run out. After five tries send a new one."


class ProposalNotFound(Refusal):
    code, status = "proposal_not_found", 404
    ar = "لا يوجد اقتراح بهذا الرقم."
    en = "There is no proposal with this number."


class ProposalSettled(Refusal):
    code = "proposal_settled"
    ar = "سبق البتّ في هذا الاقتراح."
    en = "This proposal was dealt with already."


class NothingToSend(Refusal):
    code, status = "nothing_to_send", 422
    ar = "رسالة المتابعة أُرسلت في يومها؛ اتصل بالمستفيد وسجّل ما تم."
    en = "The follow-up message went out on its day; call the beneficiary, and note that you did."
