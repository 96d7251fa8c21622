"""What intake refuses about people: their particulars, their files, their households."""

from shared.language.errors.base import Refusal


class SearchFirst(Refusal):
    code = "search_first"
    ar = "لا يُفتح ملف قبل البحث عن صاحبه. ابحث برقم هويته أو باسمه ثم سجّله خلال {minutes} دقيقة."
    en = "No file is opened before its person is looked for. Search his id or name, then register within {minutes} min."


class NameUnwritable(Refusal):
    code, status = "name_unwritable", 422
    ar = "الاسم يُكتب بالحروف وحدها. احذف الرموز والوجوه التعبيرية منه، ثم أرسل."
    en = "A name is written in letters alone. Take the emoji and signs out of it, then send."


class NameTooLong(Refusal):
    code, status = "name_too_long", 422
    ar = "الاسم من حرفين إلى {most} حرف، وهذا {length}. اكتبه كما في الهوية."
    en = "A name has 2 to {most} letters, and this one {length}. Write it as the id card does."


class MobileWrong(Refusal):
    code, status = "mobile_wrong", 422
    ar = "رقم الجوال غير صحيح. اكتب رقمًا سعوديًا مثل 05XXXXXXXX، أو دوليًا يبدأ بـ +."
    en = "The mobile number is wrong. Write a Saudi one as 05XXXXXXXX, or an international one from +."


class IbanWrong(Refusal):
    code, status = "iban_wrong", 422
    ar = "رقم الآيبان غير صحيح: يبدأ بـ SA وبعده 22 خانة، ورقم التحقق مطابق. انقله من كشف الحساب."
    en = "The IBAN is wrong: SA and 22 more, with matching check digits. Copy it from the account's statement."


class ShortAddressWrong(Refusal):
    code, status = "short_address_wrong", 422
    ar = "العنوان الوطني المختصر أربعة حروف إنجليزية وأربعة أرقام، مثل RRRD1234."
    en = "The short national address is four Latin letters and four digits, as RRRD1234."


class BirthdayWrong(Refusal):
    code, status = "birthday_wrong", 422
    ar = "تاريخ الميلاد غير صحيح: يوم موجود في التقويم الذي اخترته، ليس في المستقبل، ولا قبل {years} سنة."
    en = "The birthday is wrong: a day that the chosen calendar has, not to come, and not {years} years ago."


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    ar = "غيّر شخص آخر هذه البيانات بعد أن رأيتها، ولم يُحفظ ما أرسلته. اعرض ما هو محفوظ الآن ثم قرر أيهما الصحيح."
    en = (
        "Somebody changed this after you saw it; yours was not kept. Look at what stands there, and say which is right."
    )


class ValuesDiffer(Refusal):
    code = "values_differ"
    ar = "في ملفه قيم غير ما كتبت: {fields_ar}. اختر لكل منها أيهما الصحيح ثم أرسل."
    en = "His file says otherwise than you wrote: {fields}. Choose for each which is right, then send."


class RegistrationNotFound(Refusal):
    code, status = "registration_not_found", 404
    ar = "لا يوجد تسجيل بهذا الرقم لهذا الشخص."
    en = "This person was not registered under this number."


class FileMerged(Refusal):
    """`kept`: the number of the file to go on with."""

    code = "file_merged"
    ar = "ضُمّ هذا الملف إلى ملف آخر لصاحبه، فلا يُكتب فيه. اكتب في الملف الباقي: {kept}."
    en = "This file was joined to another of his, and nothing is written into it. Write into the one kept: {kept}."


class FileElsewhere(Refusal):
    code = "file_elsewhere"
    ar = "ملف أحدهما في فرع آخر: {branches_ar}. اتصل به."
    en = "The file of one of them is in another branch: {branches}. Call there."


class SameRequestOpen(Refusal):
    code = "same_request_open"
    ar = "له أو لأسرته طلب قائم للخدمة نفسها: {where_ar}. أكمل ذلك الطلب، أو اذكر سبب طلب ثانٍ."
    en = "He or his household has an open request for this service: {where}. Go on with that, or say why a second one."


class AlreadyInHousehold(Refusal):
    code = "already_in_household"
    ar = "هو في هذه الأسرة من قبل."
    en = "He is in this household already."


class MemberNotFound(Refusal):
    code, status = "member_not_found", 404
    ar = "لا يوجد فرد بهذا الرقم في أسرة مسجلة."
    en = "No household has a member with this number."


class MandateNotFound(Refusal):
    code, status = "mandate_not_found", 404
    ar = "لا توجد ولاية أو وكالة بهذا الرقم."
    en = "There is no guardianship or power of attorney with this number."


class ActsForHimself(Refusal):
    code, status = "acts_for_himself", 422
    ar = "لا يكون أحد وليًا على نفسه أو وكيلًا عنها أو فردًا يعوله هو نفسه. اختر شخصًا آخر."
    en = "Nobody is his own guardian, agent or dependant. Name somebody else."


class DaysOutOfOrder(Refusal):
    code, status = "days_out_of_order", 422
    ar = "آخر يوم يسبق أول يوم. صحّح التاريخين."
    en = "The last day comes before the first. Put the days right."


class DuplicateNotFound(Refusal):
    code, status = "duplicate_not_found", 404
    ar = "لا يوجد اشتباه تكرار بهذا الرقم."
    en = "There is no proposed duplicate with this number."


class DuplicateDecided(Refusal):
    code = "duplicate_decided"
    ar = "بُتّ في هذا الاشتباه. تراجع عن القرار أولًا إن كان خطأ."
    en = "This proposal was decided. Take the decision back first if it was wrong."


class DuplicateUndecided(Refusal):
    code = "duplicate_undecided"
    ar = "لم يُبتّ في هذا الاشتباه، فلا قرار يُتراجع عنه."
    en = "This proposal was not decided: there is nothing to take back."


class SamePerson(Refusal):
    code, status = "same_person", 422
    ar = "هذان ملف واحد أو دُمجا من قبل."
    en = "These two are one file, or were merged already."
