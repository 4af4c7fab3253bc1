"""The invariants of the domain, each evaluated as a query over what is stored.

They hold at any moment, also after a kill -9. A new invariant is a `Check` in `CHECKS` and a
sentence `cli.check.<name>`.
"""

from dataclasses import dataclass

from core import clock, texts
from core.check import people, supply, talk
from core.check.asking import Check

CHECKS: list[Check] = sorted(
    [*supply.CHECKS, *people.CHECKS, *talk.CHECKS], key=lambda check: check.number
)


@dataclass(frozen=True)
class Broken:
    """A promise that does not hold: its number in the domain, and the rows that break it."""

    number: int
    name: str
    sentence: str
    rows: list[str]

    def __str__(self) -> str:
        return f"{self.number} {self.name}: {self.sentence}\n  " + "\n  ".join(self.rows)


async def run(language: str = "en") -> list[Broken]:
    """Evaluate every check; an empty list means that all promises hold."""
    now = clock.now()
    broken = []
    for check in CHECKS:
        rows = sorted(set(await check.find(now)))
        if rows:
            sentence = texts.say(language, f"cli.check.{check.name}")
            broken.append(Broken(check.number, check.name, sentence, rows))
    return broken
