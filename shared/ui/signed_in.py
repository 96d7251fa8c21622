"""The frame of who is signed in, the same in every service: whose page it is, his seat, and the way out."""

from collections.abc import Mapping

from fastapi import Request

from shared.plumbing import browser
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.policy.pack import Pack
from shared.ui.frame import Frame, Visitor
from shared.ui.language import Language, language_of

SIGN_OUT = "/intake/session/end"
"""Where the one origin has it, whichever service shows the page."""


def frame_of(
    request: Request,
    who: Principal,
    *,
    here: str = "",
    name: str = "",
    counts: Mapping[str, int] | None = None,
    search: str | None = None,
) -> Frame:
    """The frame around a page of `who`; his name is known to intake alone, elsewhere his role stands for it."""
    language = language_of(request)
    pack = packs().get(who.association_id)
    return Frame(
        here=here,
        organisation=name_of_association(pack, language=language) if pack else None,
        visitor=Visitor(name, who.role, _place(pack, who.branch_id, language=language)),
        counts=counts or {},
        search=search,
        sign_out=SIGN_OUT,
        form_token=browser.form_token(who.session_id or ""),
        owner=browser.owner_of(who),
    )


def name_of_association(pack: Pack, *, language: Language) -> str:
    return pack.association.name.ar if language is Language.ARABIC else pack.association.name.en


def name_of_branch(pack: Pack | None, branch_id: str, *, language: Language) -> str:
    """A branch as its pack calls it; one that the pack does not know, by its code."""
    branch = pack.branch(branch_id) if pack else None
    if branch is None:
        return branch_id
    return branch.name.ar if language is Language.ARABIC else branch.name.en


def _place(pack: Pack | None, branch_id: str | None, *, language: Language) -> str:
    return name_of_branch(pack, branch_id, language=language) if branch_id else ""
