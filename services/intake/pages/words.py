"""What the pages say, in both languages."""

from shared.language.roles import Role
from shared.policy.parts import Words

ATHAR = Words(ar="أثر", en="Athar")
SIGN_IN = Words(ar="تسجيل الدخول", en="Sign in")
ASSOCIATION = Words(ar="الجمعية", en="Association")
CHOOSE_ASSOCIATION = Words(ar="اختر الجمعية", en="Choose the association")
USER_NAME = Words(ar="اسم المستخدم", en="User name")
PASSWORD = Words(ar="كلمة المرور", en="Password")
CODE = Words(ar="الرمز من تطبيق المصادقة، أو رمز استرداد", en="The code of your authenticator, or a recovery code")
SECOND_FACTOR = Words(ar="العامل الثاني", en="Second factor")
NEW_PASSWORD = Words(ar="كلمة مرور جديدة", en="A new password")
NEW_PASSWORD_WHY = Words(
    ar="دخلت بكلمة مرور لمرة واحدة. اختر كلمة مرورك: 12 حرفًا على الأقل، متنوعة.",
    en="You signed in with a one-time password. Choose your own: at least 12 varied characters.",
)
SEAT = Words(ar="اختر مقعدك", en="Choose your seat")
SEAT_LEGEND = Words(ar="بأي صفة تعمل الآن؟", en="In which seat do you work now?")
ON_LEAVE = Words(ar="نيابة عن زميل في إجازة", en="for a colleague on leave")
GO_ON = Words(ar="متابعة", en="Continue")
REQUIRED = Words(ar="هذا الحقل مطلوب.", en="This field is needed.")
STALE = Words(
    ar="بقيت الصفحة مفتوحة طويلًا أو أُرسلت من مكان آخر. راجع الحقول ثم أرسل من جديد.",
    en="The page was open for long, or was sent from elsewhere. Look at the fields and send again.",
)
NOT_DONE = Words(ar="لم يكتمل", en="Not done")
SIGN_IN_AGAIN = Words(ar="إلى صفحة الدخول", en="To the sign-in page")
SIGNED_IN = Words(ar="تم الدخول", en="You are signed in")
SIGN_OUT = Words(ar="تسجيل الخروج", en="Sign out")
SIGN_OUT_EVERYWHERE = Words(ar="تسجيل الخروج من كل الأجهزة", en="Sign out at every device")
OTHER_SEAT = Words(ar="مقعد آخر", en="Another seat")
BY_ISSUER = Words(ar="الدخول عبر مزود الهوية", en="Sign in through the identity provider")
SET_UP_FACTOR = Words(ar="إعداد العامل الثاني", en="Set up a second factor")
SCAN = Words(
    ar="امسح الصورة بتطبيق المصادقة، أو أدخل فيه المفتاح، ثم اكتب الرمز الذي يعرضه.",
    en="Scan the picture with your authenticator, or type the key into it, then type the code that it shows.",
)
KEY = Words(ar="المفتاح", en="Key")
RECOVERY = Words(
    ar="العامل الثاني مفعّل. احفظ رموز الاسترداد هذه في مكان آمن؛ لا تظهر مرة أخرى، وكل رمز يُستخدم مرة واحدة.",
    en="The second factor is in force. Keep these recovery codes safe; they are not shown again, and each works once.",
)
SET_UP_WHY = Words(
    ar="مقعدك يرى ما لا يراه غيره أو يبتّ فيه، فلا تكفيه كلمة المرور. أعدّ عاملًا ثانيًا لتكمل الدخول.",
    en="Your seat sees or decides what others do not. A password is not enough: set up a second factor to go on.",
)
MOBILE = Words(ar="أو رقم جوالك", en="Or your mobile number")
MOBILE_WRONG = Words(ar="رقم جوال سعودي، مثل 0555000111.", en="A Saudi mobile number, such as 0555000111.")
TEXT_ME = Words(ar="أرسل رمزًا برسالة نصية", en="Send a code by SMS")
TEXTED = Words(
    ar="أرسلنا رمزًا إلى جوالك. صالح خمس دقائق.", en="A code is on its way to your mobile. It is good for five minutes."
)

ROLES = {
    Role.DELEGATE: Words(ar="مندوب", en="Delegate"),
    Role.BRANCH_MANAGER: Words(ar="مدير الفرع", en="Branch manager"),
    Role.INTAKE_OFFICER: Words(ar="موظف علاقات المستفيدين", en="Intake officer"),
    Role.SOCIAL_RESEARCHER: Words(ar="الباحث الاجتماعي", en="Social researcher"),
    Role.COMMITTEE_MEMBER: Words(ar="عضو لجنة البحث", en="Committee member"),
    Role.COMMITTEE_CHAIR: Words(ar="رئيس لجنة البحث", en="Committee chair"),
    Role.DEPARTMENT_DECIDER: Words(ar="صاحب القرار في الإدارة", en="Department decider"),
    Role.NOTIFICATIONS_OPERATOR: Words(ar="مشغّل الإشعارات", en="Notifications operator"),
    Role.QUALITY_OFFICER: Words(ar="مسؤول الجودة", en="Quality officer"),
    Role.SENSITIVE_COMPLAINTS_OFFICER: Words(ar="مسؤول الشكاوى الحساسة", en="Sensitive-complaints officer"),
    Role.ASSOCIATION_ADMINISTRATOR: Words(ar="مدير النظام في الجمعية", en="Association administrator"),
    Role.AUDITOR: Words(ar="مراجع", en="Auditor"),
    Role.PLATFORM_OPERATOR: Words(ar="مشغّل المنصة", en="Platform operator"),
}


def role_words(role: Role) -> Words:
    """A role as the glossary calls it; one that came later, by its code."""
    return ROLES.get(role, Words(ar=role.value, en=role.value))
