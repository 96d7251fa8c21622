"""What notifications refuses."""

from shared.language.errors.base import Refusal


class MessageNotFound(Refusal):
    code, status = "message_not_found", 404
    ar = "لا توجد رسالة بهذا الرقم."
    en = "There is no message with this number."


class MessageNotFailed(Refusal):
    code = "message_not_failed"
    ar = "لا تُرسل من جديد إلا رسالة تعذّر إرسالها؛ هذه حالتها «{status}»."
    en = "Only a message that failed is sent again; this one is “{status}”."
