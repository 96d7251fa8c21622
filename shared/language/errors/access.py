"""What is refused for who somebody is to this very case, not for his role."""

from shared.language.errors.base import Refusal


class TookTheRequest(Refusal):
    code, status = "took_the_request", 403
    ar = "من أخذ الطلب أو رفعه لا يبتّ فيه. يبتّ فيه غيرك."
    en = "Whoever took the request, or sent it up, does not decide it. Another has to."


class DecidedIt(Refusal):
    code, status = "decided_it", 403
    ar = "من بتّ في الطلب لا يثبت تسليمه وحده. يثبته غيرك."
    en = "Whoever decided the request does not confirm its delivery alone. Another has to."


class AboutYourself(Refusal):
    code, status = "about_yourself", 403
    ar = "هذه الشكوى عنك، فلا تجيب عنها. يجيب غيرك."
    en = "This complaint is about you. Another has to answer it."


class NotHandedIn(Refusal):
    code, status = "not_handed_in", 403
    ar = "لم يرفع الفرع هذا الطلب بعد. ينتظر المقر الرئيس حتى يسلّمه الفرع."
    en = "The branch has not handed this request in yet. The head office waits until it does."


class AssignedToAnother(Refusal):
    code, status = "assigned_to_another", 403
    ar = "أُسند هذا الطلب إلى غيرك. يعمل عليه من أُسند إليه، أو يُعاد إسناده."
    en = "This request is assigned to another. He works on it, or it is assigned anew."


class SensitiveComplaint(Refusal):
    code, status = "sensitive_complaint", 403
    ar = "هذه شكوى حساسة؛ يجيب عنها مسؤول الشكاوى الحساسة وحده."
    en = "This complaint is sensitive; the officer of sensitive complaints alone answers it."


class NotConfidential(Refusal):
    code = "not_confidential"
    ar = "هذا الطلب ليس سريًّا."
    en = "This case is not confidential."
