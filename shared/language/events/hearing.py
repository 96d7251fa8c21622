"""Which service listens to which: what one tells is kept on its stream until each of these has it."""

from shared.language.events.base import Source

HEARS: dict[Source, tuple[Source, ...]] = {
    Source.INTAKE: tuple(Source),
    Source.RESEARCH: (Source.INTAKE,),
    Source.NOTIFICATIONS: (Source.INTAKE, Source.RESEARCH, Source.FEEDBACK),
    Source.FEEDBACK: (Source.INTAKE,),
}


def listeners_of(source: Source) -> tuple[Source, ...]:
    """Who listens to what `source` tells."""
    return tuple(listener for listener, heard in HEARS.items() if source in heard)
