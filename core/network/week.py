"""Weekly hours as they are written in a cell: "mon 09:00-13:00 zentrum; tue 14:00-19:00 video"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import get_args

from core.network.cells import Cells
from core.network.problems import shown
from core.network.schema import Network, Service
from core.network.values import Weekday

DAYS: tuple[str, ...] = get_args(Weekday)
VIDEO, ONSITE, FIRST_VISIT = "video", "onsite", "first_visit"
_COLUMN = "hours"
_INTERVAL = re.compile(
    r"(?P<day>[a-z]{3}) +(?P<opens>[0-9]{1,2}:[0-9]{2}) *[-–] *(?P<closes>[0-9]{1,2}:[0-9]{2})"
    r"(?P<words>( +\w+)*)"
)


@dataclass(frozen=True)
class HoursRow:
    """One interval of the week in wall time; slots of `kind` are made from it.

    `site` is None by video. What is not written is the therapist's first service, first
    setting and only site, and the kind `first_visit`.
    """

    day: str
    opens: time
    closes: time
    service: str
    kind: str
    setting: str
    format: str
    site: str | None = None


def read_hours(
    cells: Cells,
    network: Network,
    services: Sequence[str],
    settings: Sequence[str],
    sites: Sequence[str],
) -> tuple[HoursRow, ...]:
    """Return the intervals of a row; what is wrong is added to the cells' problems."""
    rows: list[HoursRow] = []
    known = [service for service in network.services if service.code in services]
    if not known or not settings:
        return ()
    for part in cells.parts(_COLUMN):
        match = _INTERVAL.fullmatch(part.casefold())
        row = _interval(match) if match else None
        if match is None or row is None:
            cells.wrong(_COLUMN, "not_hours", given=shown(part))
            continue
        row = replace(row, service=known[0].code, setting=settings[0])
        row = _with_words(cells, row, match["words"].split(), known, settings, sites)
        if any(o.day == row.day and row.opens < o.closes and o.opens < row.closes for o in rows):
            cells.wrong(_COLUMN, "hours_overlap", given=part)
        rows.append(row)
        _check(cells, row, part, network)
    return tuple(rows)


def _interval(match: re.Match[str]) -> HoursRow | None:
    opens, closes = _clock(match["opens"]), _clock(match["closes"])
    if match["day"] not in DAYS or opens is None or closes is None or opens >= closes:
        return None
    return HoursRow(match["day"], opens, closes, "", FIRST_VISIT, "", ONSITE)


def _with_words(
    cells: Cells,
    row: HoursRow,
    words: Sequence[str],
    services: Sequence[Service],
    settings: Sequence[str],
    sites: Sequence[str],
) -> HoursRow:
    """Take the words after the times in any order: site or video, service, kind, setting."""
    kinds = {kind.code: service.code for service in reversed(services) for kind in service.kinds}
    names = [service.code for service in services]
    for word in words:
        if word == VIDEO:
            row = replace(row, format=VIDEO)
        elif word in sites:
            row = replace(row, site=word)
        elif word in names:
            row = replace(row, service=word)
        elif word in settings:
            row = replace(row, setting=word)
        elif word in kinds:
            row = replace(row, kind=word)
        else:
            cells.unknown(_COLUMN, word, [VIDEO, *sites, *settings, *kinds, *names])
    if row.format == ONSITE and row.site is None and len(sites) == 1:
        row = replace(row, site=sites[0])
    return row


def _check(cells: Cells, row: HoursRow, part: str, network: Network) -> None:
    if row.format == ONSITE and row.site is None:
        cells.wrong(_COLUMN, "hours_without_site", given=part)
    elif row.format == VIDEO and row.site is not None:
        cells.wrong(_COLUMN, "hours_two_places", given=part)
    elif row.format not in cells.lowered("formats"):
        cells.wrong(_COLUMN, "hours_format", given=part, format=row.format)
    kinds = {kind.code: kind for kind in network.service(row.service).kinds}
    if row.kind not in kinds:
        cells.unknown(_COLUMN, row.kind, list(kinds))
    elif _minutes(row.closes) - _minutes(row.opens) < kinds[row.kind].minutes:
        cells.wrong(_COLUMN, "hours_too_short", given=part, minutes=kinds[row.kind].minutes)


def _clock(text: str) -> time | None:
    hour, minute = (int(number) for number in text.split(":"))
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
