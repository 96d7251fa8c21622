"""The desk's pages: home with its queues, people, the list, one case, and a new request. JSON has the same by `api`."""

from services.intake.pages.desk import (
    acts,
    answers,
    case,
    cases,
    closings,
    deliveries,
    files,
    home,
    moves,
    new,
    people,
    proofs,
    proposals,
    register,
    reveal,
)

PAGES = (
    home.pages,
    people.pages,
    cases.pages,
    new.pages,
    case.pages,
    acts.pages,
    answers.pages,
    files.pages,
    reveal.pages,
    *register.PAGES,
    moves.pages,
    closings.pages,
    proofs.pages,
    deliveries.pages,
    proposals.pages,
)
