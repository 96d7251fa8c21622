"""What is done to a case, as a refusal names it: «لا يقبل «رفع الطلب» الآن»."""

from typing import Final

STEPS: Final = {
    "case.drafted": "بدء الطلب",
    "case.received": "تقديم الطلب",
    "case.found_incomplete": "فحص المستندات",
    "case.completed": "اكتمال المستندات",
    "clarification.asked": "سؤال الباحث",
    "clarification.answered": "الإجابة عن السؤال",
    "case.attested": "توقيع الإقرار",
    "case.referred": "رفع الطلب",
    "case.studied": "دراسة الطلب",
    "case.returned": "إعادة الطلب لاستكمال مستندات",
    "case.decided": "البت في الطلب",
    "case.answered": "إعلان الإجابة",
    "case.appealed": "التظلم",
    "case.registered": "إتمام التسجيل",
    "delivery.planned": "تحديد موعد تسليم",
    "delivery.code_made": "إرسال رمز الاستلام",
    "case.part_delivered": "تسليم جزء من الخدمة",
    "case.delivered": "تسليم الخدمة",
    "benefit.follow_up_due": "موعد السؤال عن الأثر",
    "benefit.documented": "توثيق الأثر",
    "case.closed": "إغلاق الملف",
    "case.withdrawn": "سحب الطلب",
    "case.expired": "انتهاء مهلة الطلب",
    "case.assigned": "تعيين من يتولى الملف",
    "case.transferred": "نقل الملف",
    "transfer.asked": "طلب نقل الملف",
    "transfer.refused": "رفض نقل الملف",
    "transfer.revoked": "سحب طلب النقل",
    "proposal.sent": "مراسلة المستفيد قبل أن يطلب",
    "proposal.acted_on": "تنفيذ ما اقتُرح",
    "proposal.dismissed": "صرف النظر عما اقتُرح",
    "tool.consulted": "الرجوع إلى أداة من أدوات السياسة",
    "case.made_confidential": "جعل الطلب سريًّا",
    "case.made_open": "رفع السرية عن الطلب",
    "contact.converted": "تحويل التواصل الأول إلى طلب",
    "clarification.due": "حلول موعد الإجابة عن سؤال",
    "papers.running_out": "التنبيه إلى قرب انتهاء مستند",
    "applicant.shown": "الاطلاع على أرقام مقدم الطلب",
    "message.sent": "إرسال رسالة",
    "message.withheld": "حجب رسالة",
    "message.failed": "تعذر إرسال رسالة",
    "survey.invited": "الدعوة إلى الاستبيان",
    "survey.answered": "الإجابة عن الاستبيان",
    "document": "إضافة مستند",
    "arrival": "تسجيل كيفية الوصول",
    "receipt": "طباعة الإيصال",
}
"""By the type of the event; the last three move nothing and tell nothing."""


class Step(str):
    """The code of a step, with what an Arabic sentence says for it."""

    __slots__ = ()

    @property
    def ar(self) -> str:
        # A refusal is told whatever it lacks a word for.
        return STEPS.get(self, str(self))
