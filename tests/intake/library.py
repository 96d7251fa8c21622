"""Texts of the policy's tools as associations write them, and what is looked for in them."""

from typing import Any

from shared.language.roles import Role
from tests.intake.office import Office

ADMINISTRATOR = {"role": Role.ASSOCIATION_ADMINISTRATOR}
RESEARCHER = {"role": Role.SOCIAL_RESEARCHER}

GUIDE = """الفصل الأول: الزيارات المنزلية
تبدأ الدراسة الاجتماعية بزيارةٍ منزلية يحدد موعدها مع المستفيد، ولا تُعاد إلا بسبب.
الفصل الثاني: المقابلة
يسأل الباحث عن دخل الأسرة والتزاماتها، ويدوّن إجاباتها كما قالتها. المقابلة ٣٠ دقيقة على الأقل."""
BYLAWS = """مادة 7: تُصرف الإعانات بقرار من لجنة البحث الاجتماعي.
مادة 8: لا يجوز الجمع بين إعانتين للأسرة الواحدة في شهر."""

FOUND = {
    "زياره منزليه": [("tool:research_guide", 1), ("tool:research_guide", 0)],
    "الزيارات": [("tool:research_guide", 0), ("tool:research_guide", 1)],
    "والزيارة المنزلية": [("tool:research_guide", 0), ("tool:research_guide", 1)],
    "اسره": [("tool:bylaws", 1), ("tool:research_guide", 3)],
    "الأُسْرَة دخـــل": [("tool:research_guide", 3)],
    "المقابلة 30": [("tool:research_guide", 3)],
    "مادة ٨": [("tool:bylaws", 1)],
    "لجنة البحث": [("tool:bylaws", 0)],
    "لجنة الزيارة": [],
    "كلمة ليست هنا": [],
    "؟!": [],
}
"""What is asked, and where it is found: the same on every database."""


async def publish(office: Office, tool: str, text: str, *, edition: str = "1", title: str = "أداة") -> dict[str, Any]:
    body = {"edition": edition, "title": title, "text": text}
    made: dict[str, Any] = (await office.post(f"/api/v1/tools/{tool}/editions", body, **ADMINISTRATOR)).json()
    return made


async def places(office: Office, asked: str, *, path: str = "/api/v1/library") -> list[tuple[str, int]]:
    found = await office.desk.client.get(
        path,
        params={"q": asked},
        headers={"Authorization": f"Bearer {office.desk.token(office.who['role'], association=office.pack.id)}"},
    )
    assert found.status_code == 200, found.text
    return [(one["source"], one["number"]) for one in found.json()]


async def found_in_all(office: Office) -> dict[str, list[tuple[str, int]]]:
    """What is found of everything that is asked, in a library of two tools."""
    await publish(office, "research_guide", GUIDE, title="دليل البحث")
    await publish(office, "bylaws", BYLAWS, title="اللائحة")
    return {asked: sorted(await places(office, asked)) for asked in FOUND}
