"""Ages in full years and the age groups of the code list."""

from datetime import date

GROUPS = (("child", 0), ("adolescent", 12), ("adult", 18), ("senior", 65))


def age_on(born: date, day: date) -> int:
    """Return the age in full years on a day; born on 29 February counts on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def group_of(age: int) -> str:
    """Return child (0–11), adolescent (12–17), adult (18–64) or senior (65 and over)."""
    if age < 0:
        raise ValueError("an age is never below 0")
    return [code for code, lowest in GROUPS if lowest <= age][-1]
