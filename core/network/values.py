"""The single values that a network is made of, and how they are written."""

import re
from datetime import date, time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

Texts = dict[str, str]
"""A text in every language of the network: {"de": "…", "en": "…"}."""


# pydantic alone reads "9" as nine seconds past midnight and "20260101" as a day of 1970.
def _clock_time(given: object) -> object:
    if isinstance(given, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:00)?", given):
        raise PydanticCustomError("clock_time", "not HH:MM")
    return given


def _calendar_day(given: object) -> object:
    if isinstance(given, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise PydanticCustomError("calendar_day", "not YYYY-MM-DD")
    return given


Clock = Annotated[time, BeforeValidator(_clock_time)]
Day = Annotated[date, BeforeValidator(_calendar_day)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Text = Annotated[str, Field(min_length=1)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CodeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
