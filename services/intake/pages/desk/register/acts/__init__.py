"""What may be done to a person's file. A new one is a `FileAct`, a template of its path, a place in `FILE_ACTS`."""

from services.intake.pages.desk.on_desk import router
from services.intake.pages.desk.register.act import FileAct, add_doors
from services.intake.pages.desk.register.acts.mandates import MANDATE, MANDATE_ENDING
from services.intake.pages.desk.register.acts.means import MEANS
from services.intake.pages.desk.register.acts.members import MEMBER, MEMBER_ENDING
from services.intake.pages.desk.register.acts.particulars import PARTICULARS, TYPED

FILE_ACTS: tuple[FileAct, ...] = (PARTICULARS, TYPED, MEMBER, MEMBER_ENDING, MEANS, MANDATE, MANDATE_ENDING)

TOLD = {act.path: act.done for act in FILE_ACTS}


def told_by(path: str) -> str:
    """What was just done has to tell; nothing for what is no act."""
    return TOLD.get(path, "")


pages = router()
for _act in FILE_ACTS:
    add_doors(pages, _act)
