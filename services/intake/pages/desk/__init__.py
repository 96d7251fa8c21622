"""The desk's pages: home with its queues, people, the list, one case, and a new request. JSON has the same by `api`."""

from services.intake.pages.desk import acts, answers, case, cases, day, files, home, new, people, reveal, visit

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
    day.pages,
    visit.pages,
)
