"""Whether codes are sent by SMS in this installation."""

from fastapi import Request

from shared.language.errors import CodesNotTexted


def texts_codes(request: Request) -> bool:
    asked: bool = request.app.state.runtime.own_settings.texted_codes
    return asked


def refuse_texts(request: Request) -> None:
    """Raises `CodesNotTexted` where they are not."""
    if not texts_codes(request):
        raise CodesNotTexted
