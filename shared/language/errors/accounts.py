"""What is refused about staff, their seats, and signing in."""

from shared.language.errors.base import Refusal


class SignInRefused(Refusal):
    """One answer for an unknown, wrong, locked, lapsed or deactivated account: none of them is told apart."""

    code, status = "sign_in_refused", 401
    ar = (
        "الجمعية أو اسم المستخدم أو كلمة المرور غير صحيحة، أو أُوقف الدخول مؤقتًا لكثرة المحاولات. "
        "تحقق ثم أعد المحاولة بعد قليل."
    )
    en = (
        "The association, user name or password is wrong, or too many tries have closed the account for a while. "
        "Check them, wait a little and try again."
    )


class SecondFactorWrong(Refusal):
    code, status = "second_factor_wrong", 401
    ar = "الرمز غير صحيح أو استُخدم من قبل. انتظر رمزًا جديدًا ثم أدخله."
    en = "The code is wrong or was used before. Wait for a new code and enter that."


class SessionEnded(Refusal):
    code, status = "session_ended", 401
    ar = "انتهت جلستك. سجّل الدخول من جديد؛ لم يُحفظ شيء."
    en = "Your session has ended. Sign in again; nothing was written."


class RequestForged(Refusal):
    code, status = "request_forged", 403
    ar = "لم يأتِ هذا الطلب من صفحة أثر التي فتحتها. أعد فتح الصفحة ثم أرسل من جديد؛ لم يُحفظ شيء."
    en = "This request did not come from the Athar page that you opened. Open it again and send; nothing was written."


class SignInStepMissing(Refusal):
    code = "sign_in_step_missing"
    ar = "خطوة الدخول المطلوبة الآن هي: {step}."
    en = "Signing in is at another step now: {step}."


class SeatLapsed(Refusal):
    code, status = "seat_lapsed", 403
    ar = "لا مقعد لك ساريًا الآن. راجع مدير الجمعية في النظام."
    en = "You hold no seat that is in force now. Ask the association's administrator."


class SeatNotFound(Refusal):
    code, status = "seat_not_found", 404
    ar = "لا يوجد مقعد بهذا الرقم."
    en = "There is no such seat."


class StaffNotFound(Refusal):
    code, status = "staff_not_found", 404
    ar = "لا يوجد موظف بهذا الرقم."
    en = "There is no such member of the staff."


class UserNameTaken(Refusal):
    code = "user_name_taken"
    ar = "اسم المستخدم هذا، أو اسم يشبهه، محجوز في هذه الجمعية. اختر غيره."
    en = "This user name, or one that looks the same, is taken in this association. Choose another."


class UserNameUnfit(Refusal):
    code, status = "user_name_unfit", 422
    ar = "اسم المستخدم من 3 إلى 40 حرفًا: حروف عربية وحدها أو لاتينية وحدها، وأرقام، ونقطة وشرطة."
    en = "A user name has 3 to 40 characters: Latin letters alone or Arabic letters alone, digits, dots and dashes."


class PasswordWeak(Refusal):
    code, status = "password_weak", 422
    ar = "كلمة المرور 12 حرفًا على الأقل، متنوعة، ليست كلمة المرور السابقة وليس فيها اسم المستخدم."
    en = "A password has at least 12 varied characters, is not the one before, and does not hold the user name."


class RoleNotGrantable(Refusal):
    code, status = "role_not_grantable", 403
    ar = "هذا الدور لا تمنحه الجمعية؛ يمنحه مشغّل النظام."
    en = "An association does not grant this role; the operator of the installation does."


class RolesIncompatible(Refusal):
    code = "roles_incompatible"
    ar = "لا يجمع أحد في المدة نفسها بين مقعدي «{one}» و«{other}»."
    en = "Nobody holds the seats of {one} and {other} on the same days."


class PeriodWrong(Refusal):
    code, status = "period_wrong", 422
    ar = "المدة تنتهي قبل أن تبدأ، أو انتهت، أو تتجاوز مدة المقعد نفسه."
    en = "The period ends before it begins, is over already, or goes beyond the seat's own."


class NotForYourself(Refusal):
    code, status = "not_for_yourself", 403
    ar = "لا يمنح أحد نفسه مقعدًا ولا يوقف حسابه بنفسه. ليقم بذلك مدير آخر."
    en = "Nobody gives himself a seat or closes his own account. Have another administrator do it."


class SecondFactorThere(Refusal):
    code = "second_factor_there"
    ar = "العامل الثاني مفعّل من قبل. ليُعِده مدير الجمعية إن فقدته."
    en = "A second factor is in force already. If you lost it, have the administrator reset it."


class SecondFactorNotBegun(Refusal):
    code = "second_factor_not_begun"
    ar = "ابدأ إعداد العامل الثاني أولًا، ثم أكده برمز منه."
    en = "Begin to set the second factor up first, then confirm it with a code."


class CodesNotTexted(Refusal):
    code = "codes_not_texted"
    ar = "لا تُرسل الرموز هنا برسالة نصية. استخدم تطبيق المصادقة أو رمز استرداد."
    en = "Codes are not sent by SMS here. Use an authenticator, or a recovery code."


class IssuerRefused(Refusal):
    code, status = "issuer_refused", 401
    ar = "لم يكتمل الدخول عبر مزود الهوية. ابدأ من جديد، أو ادخل بكلمة المرور، أو راجع مدير الجمعية."
    en = "Signing in through the identity provider failed. Begin again, use your password, or ask the administrator."


class AlreadySetUp(Refusal):
    code = "already_set_up"
    ar = "للجمعية حساب من هذا الدور سبق الدخول به. يعيد مدير الجمعية كلمات المرور."
    en = "The association has an account in this role that was used. Its administrator resets passwords."
