"""What each clause demands, in this product's own words."""

from shared.language.clauses import Clause
from shared.policy.parts import Words

CLAUSE_WORDS: dict[Clause, Words] = {
    Clause.CHANNEL_INTERVIEW: Words(
        ar="يمكن الحضور إلى الجمعية والحديث معها وجهًا لوجه.",
        en="One can come to the association and speak with it face to face.",
    ),
    Clause.CHANNEL_PHONE: Words(
        ar="يمكن التحدث إلى الجمعية بالهاتف.",
        en="One can speak with the association by telephone.",
    ),
    Clause.CHANNEL_SOCIAL: Words(
        ar="يمكن مراسلة حسابات الجمعية في منصات التواصل.",
        en="One can write to the association's accounts on social media.",
    ),
    Clause.CHANNEL_LETTER: Words(
        ar="يمكن أن يُكتب إلى الجمعية بخطاب.",
        en="One can write the association a letter.",
    ),
    Clause.CHANNEL_HELP_REQUEST: Words(
        ar="لدى الجمعية خدمة مخصصة لاستقبال طلبات المساعدة.",
        en="The association has a service for taking requests for help.",
    ),
    Clause.CHANNEL_VOLUNTEERING: Words(
        ar="يصل المستفيد إلى الجمعية عن طريق خدمة التطوع فيها.",
        en="A beneficiary reaches the association through its volunteering service.",
    ),
    Clause.CHANNEL_WEBSITE: Words(
        ar="يمكن بلوغ الجمعية من موقعها على الإنترنت.",
        en="The association can be reached through its website.",
    ),
    Clause.CHANNEL_DELEGATE: Words(
        ar="مندوب الفرع القريب يتسلّم الطلب نيابة عن الجمعية.",
        en="The delegate of a branch office takes the request for the association.",
    ),
    Clause.TOOL_BYLAWS: Words(
        ar="لائحة الجمعية الأساسية بين يدي الموظف أثناء عمله.",
        en="The employee has the association's basic regulations at hand.",
    ),
    Clause.TOOL_RESEARCH_GUIDE: Words(
        ar="دليل البحث الاجتماعي وخدماته بين يدي الموظف أثناء عمله.",
        en="The employee has the guide to the social-research services at hand.",
    ),
    Clause.TOOL_SUPPORT_GUIDE: Words(
        ar="دليل قواعد الدعم بين يدي الموظف أثناء عمله.",
        en="The employee has the guide to the support policy at hand.",
    ),
    Clause.TOOL_SUPPORT_REQUEST: Words(
        ar="نموذج طلب الدعم جاهز ليملأه الموظف مع المستفيد.",
        en="The support request is ready for the employee to fill in with the beneficiary.",
    ),
    Clause.TOOL_OUTREACH_CALL: Words(
        ar="للموظف أن يبادر المستفيد باتصال دعوي.",
        en="The employee can reach out to the beneficiary with a da'wah call.",
    ),
    Clause.TOOL_SOCIAL_CONTACT: Words(
        ar="للموظف أن يخاطب المستفيد من حسابات الجمعية في منصات التواصل.",
        en="The employee can write to the beneficiary from the association's social media accounts.",
    ),
    Clause.STEP_RECEPTION: Words(
        ar="يُستقبل صاحب الحاجة باحترام، وتُجاب أسئلته كلها دون استعجال.",
        en="The person is received with respect, and all his questions are answered without hurry.",
    ),
    Clause.STEP_COMPLETENESS: Words(
        ar="يتحقق الموظف من اكتمال المعلومات وتطابقها وسريان كل مستند يوم تقديمه.",
        en="The employee checks that everything is given, that it matches, and that each item is valid on the day.",
    ),
    Clause.STEP_CLARIFICATION: Words(
        ar="من أشكل عليه إجراء شرحه له مسؤول البحث الاجتماعي.",
        en="Whoever finds a procedure unclear has it explained by the social-research officer.",
    ),
    Clause.STEP_ATTESTATION: Words(
        ar="يوقّع طالب الدعم على بياناته ويتحمل بنفسه تبعة صدقها.",
        en="The applicant signs for his data and answers for their truth himself.",
    ),
    Clause.STEP_COMMITTEE_NOTICE: Words(
        ar="يُبلَّغ المستفيد أن لجنة البحث ستدرس طلبه، وأن جوابها لا يأتي قبل مضي أسبوعين.",
        en="He is told that the research committee studies his request and answers no sooner than in two weeks.",
    ),
    Clause.STEP_REGISTRATION: Words(
        ar="يتم التسجيل متى استوفيت المتطلبات.",
        en="Registration is completed once the requirements are met.",
    ),
    Clause.STEP_DELIVERY: Words(
        ar="تصل الخدمة إلى المستفيد فعلًا.",
        en="The service reaches the beneficiary.",
    ),
    Clause.ELIGIBILITY_FORM: Words(
        ar="لكل خدمة نموذج يُملأ قبل النظر في الاستحقاق.",
        en="The form of the service is filled in before entitlement is considered.",
    ),
    Clause.ELIGIBILITY_ROUTING: Words(
        ar="يُرسل صاحب الطلب إلى القسم صاحب الخدمة.",
        en="The applicant is sent to the department that owns the service.",
    ),
    Clause.ELIGIBILITY_VERIFICATION: Words(
        ar="يُتحقق من أن ما في النموذج موافق لواقع الحال.",
        en="What the form says is checked against how things really are.",
    ),
    Clause.ELIGIBILITY_ANSWER: Words(
        ar="يُخبر صاحب الطلب بالنتيجة، قبولًا كانت أو رفضًا.",
        en="The applicant is told the outcome, whether yes or no.",
    ),
    Clause.ELIGIBILITY_BENEFIT: Words(
        ar="يُسأل بعد التسليم عن أثر الخدمة ويُدوَّن ذلك.",
        en="After delivery, what the service was good for is followed up and written down.",
    ),
    Clause.GOAL_EASE: Words(
        ar="تُلبّى الحاجة بخطوات يسيرة لا ترهق صاحبها.",
        en="Needs are met by easy steps that wear no one out.",
    ),
    Clause.GOAL_ELECTRONIC: Words(
        ar="الخدمات مترابطة وتُقدَّم بوسائل إلكترونية حديثة.",
        en="Services are joined up and given by modern electronic means.",
    ),
    Clause.GOAL_ANSWERS: Words(
        ar="كل سؤال يجد جوابًا يناسبه في أكثر من قناة.",
        en="Every question finds a fitting answer, over more than one channel.",
    ),
    Clause.GOAL_FROM_WHERE_HE_IS: Words(
        ar="يُخدم المستفيد سريعًا حيث هو، صونًا لوقته ومراعاة لحاله.",
        en="He is served quickly and where he is, out of care for his time and circumstances.",
    ),
    Clause.GOAL_PROACTIVE: Words(
        ar="الجمعية تبادر إلى المستفيد من أقرب طريق ولا تنتظر طلبه.",
        en="The association goes to him by the easiest way, without waiting to be asked.",
    ),
    Clause.GOAL_SATISFACTION: Words(
        ar="يُقاس الرضا لتتحسن الخدمة ويتحسن أداء من يقدمها.",
        en="Satisfaction is measured so that the service, and whoever gives it, gets better.",
    ),
    Clause.GOAL_TRUST_FACTS: Words(
        ar="يُصحَّح ما شاع خطأً عن خدمات الجمعية.",
        en="What people wrongly believe about the services is put right.",
    ),
    Clause.GOAL_TRUST_IMPRESSION: Words(
        ar="يخرج المستفيد من تعامله بصورة طيبة جديدة عن الجمعية.",
        en="People come away with a new and good impression of the association.",
    ),
    Clause.GOAL_TRUST_EVALUATION_RIGHT: Words(
        ar="للمستفيد أن يقيّم ما قُدّم له، والغاية أن تتحسن الخدمة، فلا يعاقَب أحد بتقييم ولا يُشهَّر به.",
        en="To rate the service is the beneficiary's right, and serves to improve it, never to punish or shame.",
    ),
    Clause.GOAL_TRUST_ALL_DEPARTMENTS: Words(
        ar="الجودة شأن كل قسم، سواء كان من يخدمه من داخل الجمعية أو خارجها.",
        en="Quality is every department's business, whether it serves people inside the association or outside.",
    ),
    Clause.GOAL_TRUST_IMPROVEMENT: Words(
        ar="يُسأل المستفيدون عما يعيق الخدمة، ثم يُزال ما ذكروه ولا يتوقف التحسين.",
        en="Beneficiaries are asked what stands in the way, it is cleared, and improvement never stops.",
    ),
    Clause.POLICY_PARTIES: Words(
        ar="تسري السياسة على علاقة الجمعية بالمستفيد والداعم والمتطوع وغيرهم.",
        en="The policy governs relations with beneficiaries, donors, volunteers and others.",
    ),
    Clause.POLICY_REVIEW: Words(
        ar="تُراجَع السياسة نفسها دوريًّا، ويُبلَّغ الموظفون بكل تعديل.",
        en="The policy itself is kept under review, and every change is passed on to the staff.",
    ),
}
