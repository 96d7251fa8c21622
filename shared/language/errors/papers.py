"""What intake refuses about how a request came, its papers, its questions and its library."""

from shared.language.errors.base import Refusal


class ArrivalNotRecorded(Refusal):
    code, status = "arrival_not_recorded", 404
    ar = "لم يُسجَّل كيف وصل هذا الطلب. سجّل بيانات قناته."
    en = "How this request came is not recorded. Record what its channel needs."


class ArrivalRecorded(Refusal):
    code = "arrival_recorded"
    ar = "سُجّل كيف وصل هذا الطلب من قبل، والتسجيل الأول محفوظ."
    en = "How this request came is recorded already. The first record stands."


class ArrivalOfAnotherChannel(Refusal):
    code, status = "arrival_of_another_channel", 422
    ar = "وصل هذا الطلب عبر قناة «{channel}»، فسجّل بياناتها لا بيانات قناة أخرى."
    en = "This request came by the channel “{channel}”. Record what that channel needs, not another's."


class ContactNotFound(Refusal):
    code, status = "contact_not_found", 404
    ar = "لا يوجد تواصل بهذا الرقم."
    en = "There is no contact with this number."


class ContactIsRequest(Refusal):
    code = "contact_is_request"
    ar = "صار هذا التواصل طلبًا من قبل. تابع من الطلب."
    en = "This contact became a request already. Go on there."


class NobodyToCall(Refusal):
    code = "nobody_to_call"
    ar = "لم يُوعَد صاحب هذا التواصل باتصال، أو اتُّصل به من قبل."
    en = "Nobody was promised a call here, or he was called already."


class PaperNotReusable(Refusal):
    code, status = "paper_not_reusable", 422
    ar = "لا توجد لصاحب الطلب نسخة سارية بهذا الرقم تصلح لهذا الطلب. سجّل المستند من جديد."
    en = "There is no paper of this person on file, valid today, that this request can use. Record the paper anew."


class RepliedAlready(Refusal):
    code = "replied_already"
    ar = "لا سؤال لاحقًا ينتظر جوابًا هنا. السؤال الأول يُجاب من بابه."
    en = "No further question waits for an answer here. The first one is answered at its own door."


class GuideEntryNotFound(Refusal):
    code, status = "guide_entry_not_found", 404
    ar = "لا يوجد جواب شائع بهذا الرقم."
    en = "There is no common answer with this number."


class GuideEntryNotOpen(Refusal):
    code = "guide_entry_not_open"
    ar = "لا ينتظر هذا الجواب اعتمادًا: اعتُمد من قبل أو سُحب."
    en = "This common answer does not wait for approval: it was approved, or taken back."


class OwnWords(Refusal):
    code = "own_words"
    ar = "لا يعتمد الجواب الشائع من كتبه. اطلب من زميل آخر أن يقرأه ويعتمده."
    en = "Who wrote a common answer does not approve it. Ask a colleague to read and approve it."


class PersonInGuide(Refusal):
    code, status = "person_in_guide", 422
    ar = "في النص ما يدل على شخص بعينه (رقم هوية أو جوال أو حساب أو بريد أو رقم طلب). احذفه."
    en = "The text names somebody: an id, mobile, account, address or a request's number. Take it out."


class EditionNotFound(Refusal):
    code, status = "edition_not_found", 404
    ar = "لا توجد نسخة بهذا الرقم من هذه الأداة."
    en = "This tool has no edition with this number."


class EditionWithoutFile(Refusal):
    code, status = "edition_without_file", 404
    ar = "نُشرت هذه النسخة نصًا دون ملف."
    en = "This edition was published as a text, without a file."
