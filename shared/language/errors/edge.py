"""What is refused for its size, its pace or what a file holds, before any rule is asked."""

from shared.language.errors.base import Refusal


class TooManyRequests(Refusal):
    """`seconds`: how long to wait (RFC 6585 §4)."""

    code, status = "too_many_requests", 429
    ar = "طلبات كثيرة في وقت قصير. انتظر {seconds} ثانية ثم أعد المحاولة؛ لم يُحفظ شيء."
    en = "Too many requests in a short time. Wait {seconds} seconds and try again; nothing was written."


class RequestTooSlow(Refusal):
    code, status = "request_too_slow", 408
    ar = "لم يصل الطلب كاملًا في {seconds} ثانية. تحقق من الاتصال ثم أعد الإرسال؛ لم يُحفظ شيء."
    en = (
        "The request did not arrive whole within {seconds} seconds. Check the line and send again; nothing was written."
    )


class HeadTooLarge(Refusal):
    code, status = "head_too_large", 431
    ar = "رأس الطلب أكبر من الحد المسموح ({limit} بايت). لم يُحفظ شيء."
    en = "The head of the request is over the limit ({limit} bytes). Nothing was written."


class NotHttp(Refusal):
    code, status = "not_http", 400
    ar = "ما وصل ليس طلبًا صحيحًا من بروتوكول HTTP. لم يُحفظ شيء."
    en = "What arrived is not a correct HTTP request. Nothing was written."


class FileTypeNotTaken(Refusal):
    code, status = "file_type_not_taken", 415
    ar = "هذا الملف ليس من الأنواع المقبولة: JPEG وPNG وWebP وPDF. صوّر المستند أو احفظه بأحدها ثم أعد الإرسال."
    en = "This file is not of a kind that is taken: JPEG, PNG, WebP, PDF. Photograph the paper or save it as one."


class FileUnreadable(Refusal):
    code, status = "file_unreadable", 422
    ar = "تعذّر فتح الملف: هو تالف أو ناقص. صوّر المستند من جديد ثم أعد الإرسال؛ لم يُحفظ شيء."
    en = "The file cannot be opened: it is damaged or cut off. Photograph the paper again; nothing was written."


class FileNotPlain(Refusal):
    """`what`: what it holds besides the paper."""

    code, status = "file_not_plain", 422
    ar = "في الملف ما ليس من المستند: {what}. اطبعه إلى PDF جديد أو صوّره ثم أعد الإرسال؛ لم يُحفظ شيء."
    en = "The file holds more than a paper: {what}. Print it to a new PDF or photograph it; nothing was written."


class ImageTooLarge(Refusal):
    code, status = "image_too_large", 422
    ar = "أبعاد الصورة أكبر من الحد المسموح ({limit} مليون نقطة). صغّرها ثم أعد الإرسال؛ لم يُحفظ شيء."
    en = "The image is over the limit of {limit} million points. Make it smaller and send again; nothing was written."
