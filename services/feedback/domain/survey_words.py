"""What the survey says to the person, in Arabic and English."""

from shared.language.events import Ending
from shared.policy.parts import Words

RIGHT = Words(
    ar="تقييم الخدمة حق لك. نستفيد من رأيك في تحسين ما نقدمه، ولا يُستعمل لمعاقبة أحد أو التشهير به. "
    "لا يظهر للموظفين أي الإجابات إجابتك، ولا أثر لها في أي طلب لك.",
    en="Evaluating the service is your right. What you say helps to improve it and is never used to punish or shame "
    "anyone. The staff is not shown which answer is yours, and it changes nothing in any request of yours.",
)

QUESTIONS = {
    "overall": Words(ar="ما مدى رضاك عن الخدمة عمومًا؟", en="How satisfied are you with the service, all in all?"),
    "ease": Words(ar="كيف كانت سهولة الإجراءات؟", en="How easy were the procedures?"),
    "impression": Words(
        ar="ما انطباعك عن الجمعية بعد هذا الطلب؟", en="What is your impression of the association now?"
    ),
    "respect": Words(
        ar="كيف كان الاحترام والوقت الذي أُعطي لك؟", en="How were the respect and the time that you were given?"
    ),
    "speed": Words(ar="كيف كانت سرعة الخدمة؟", en="How was the speed of the service?"),
}
"""The questions that are answered from 1 to 5, in the order of asking."""

COMMENT = Words(ar="هل تودّ أن تضيف شيئًا؟ (اختياري)", en="Would you like to add anything? (optional)")

SCALE = {
    1: Words(ar="سيئ", en="Bad"),
    2: Words(ar="ضعيف", en="Poor"),
    3: Words(ar="متوسط", en="Fair"),
    4: Words(ar="جيد", en="Good"),
    5: Words(ar="ممتاز", en="Excellent"),
}

ENDINGS = {
    Ending.SERVED: Words(
        ar="وصلتك الخدمة، ونرجو أنها نفعتك.", en="The service reached you, and we hope that it did you good."
    ),
    Ending.REJECTED: Words(
        ar="لم نتمكن من تلبية طلبك هذه المرة، ورأيك يهمنا بالقدر نفسه.",
        en="We could not meet your request this time, and what you think matters to us just as much.",
    ),
    Ending.WITHDRAWN: Words(
        ar="سحبت طلبك، ويسرنا أن نعرف كيف كانت تجربتك معنا.",
        en="You took your request back, and we would be glad to know how it was with us.",
    ),
}

THANKS = Words(ar="شكرًا لك. وصلنا رأيك.", en="Thank you. Your answer has reached us.")
