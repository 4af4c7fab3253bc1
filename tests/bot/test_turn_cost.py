"""What a turn costs: statements to the database, so that none comes back unnoticed."""

import logging
from collections.abc import Iterator

import pytest

from core.network.schema import Network
from tests.bot.patient import Patient

SIMPLE = 10
"""Load four rows, store the message, the reply and the state; PostgreSQL notifies once more."""


class _Counter(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(record.getMessage())


@pytest.fixture
def counter(caplog: pytest.LogCaptureFixture) -> Iterator[_Counter]:
    log = logging.getLogger("tortoise.db_client")
    counter = _Counter()
    log.addHandler(counter)
    with caplog.at_level(logging.DEBUG, log.name):
        yield counter
    log.removeHandler(counter)


async def test_a_simple_turn_is_few_statements(
    database: str, office: Network, counter: _Counter
) -> None:
    leyla = await Patient.begin()
    await leyla.press_first()
    counter.statements.clear()
    await leyla.take("text", text="Ich habe Angst")
    assert 5 < len(counter.statements) <= SIMPLE, counter.statements
    choice = (await leyla.choices())[0]["value"]
    counter.statements.clear()
    await leyla.take("choice", choice=choice)
    # One more: the message whose button it is.
    assert len(counter.statements) <= SIMPLE + 1, counter.statements
    counter.statements.clear()
    await leyla.take("text", "same", text="Noch etwas")
    counter.statements.clear()
    await leyla.take("text", "same", text="Noch etwas")
    assert len(counter.statements) == 2, counter.statements
