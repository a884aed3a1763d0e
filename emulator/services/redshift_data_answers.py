"""The answers of SQL statements. The emulator has no database, so a test gives them: `POST /_emulator/answers` takes a list.

An element has the text of a statement (`sql`), and of its answer any of: `columns`, the pages of `records`, the `seconds` that it
runs, and the `error` that it fails with. Each other statement answers one row with the number 1. Of the answer
of a statement in a batch, only the error counts. AWS has no such path.
"""
from dataclasses import dataclass, field

_answers = {}


@dataclass(frozen=True)
class Answer:
    columns: list = field(default_factory=lambda: [{"name": "?column?", "typeName": "int4"}])
    #: The rows of each page of the result. A statement without a result set has no page.
    pages: list = field(default_factory=lambda: [[[{"longValue": 1}]]])
    seconds: float = 0
    error: str | None = None

    @property
    def rows(self):
        return sum(map(len, self.pages))


def add(elements):
    for element in elements:
        _answers[element["sql"]] = Answer(**{k: v for k, v in element.items() if k != "sql"})


def answer_of(sql):
    return _answers.get(sql) or Answer()
