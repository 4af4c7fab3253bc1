"""The only clock of Passung: everything that asks for the time asks here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_offset = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return (_frozen or datetime.now(UTC)) + _offset


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware) for a test; `pass_time` still moves it."""
    global _frozen, _offset
    before = (_frozen, _offset)
    _frozen, _offset = moment.astimezone(UTC), timedelta(0)
    try:
        yield
    finally:
        _frozen, _offset = before


def pass_time(by: timedelta) -> None:
    """Move the clock forward, for tests of holds, due times and sessions."""
    global _offset
    _offset += by
