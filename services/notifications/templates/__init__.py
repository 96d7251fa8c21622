"""The words of every message: `<template>[.<variant>].<medium>.<language>.txt`, with blanks as `$reference`.

A blank that nobody fills raises `KeyError`. The first line of an e-mail is its subject; what follows stands in the
frame of a letter: الرقم، التاريخ، الموضوع.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from services.notifications.domain.base import Language
from shared.language.events import Medium

FOLDER = Path(__file__).parent


def render(
    template: str, *, variant: str | None, medium: Medium, language: Language, words: Mapping[str, str]
) -> tuple[str, str]:
    """Subject and text; an SMS has no subject."""
    name = template if variant is None else f"{template}.{variant}"
    text = read(f"{name}.{medium}.{language}").substitute(words).strip()
    if medium is Medium.SMS:
        return "", text
    subject, _, body = text.partition("\n")
    frame = read(f"frame.{medium}.{language}")
    return subject, frame.substitute(words, subject=subject, text=body.strip())


@cache
def read(name: str) -> Template:
    return Template((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
