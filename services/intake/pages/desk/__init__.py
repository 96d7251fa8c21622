"""The desk's pages: home with its queues, people, the list, one case, and a new request. JSON has the same by `api`."""

from services.intake.pages.desk import (
    acts,
    answers,
    arrival,
    case,
    cases,
    contacts,
    files,
    guide,
    home,
    letters,
    library,
    new,
    on_file,
    people,
    reveal,
    threads,
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
    *contacts.PAGES,
    letters.pages,
    arrival.pages,
    threads.pages,
    library.pages,
    guide.pages,
    on_file.pages,
)
