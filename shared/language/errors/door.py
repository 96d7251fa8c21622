"""What is refused at the door, whatever the service."""

from shared.language.errors.base import Refusal


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
    ar = "هذا الملف يخص فرعًا آخر. تواصل مع ذلك الفرع أو مع المقر الرئيس."
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
