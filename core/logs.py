"""Logs: one JSON object a line, with keys and values from allow-lists, and no patient text.

What a log call writes into its template is dropped unless it is a number or a path, and of an
exception only type and place are kept: its message may quote the patient.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from core.audit import request_id

KEYS = frozenset(
    {
        "address",
        "attempts",
        "channel",
        "count",
        "error",
        "final",
        "kind",
        "loop",
        "method",
        "ms",
        "names",
        "reference",
        "route",
        "status",
        "topic",
        "version",
    }
)
"""The keys that `extra=` may bring; all others are dropped."""

OURS = ("admin", "bot", "core", "passung")
TRUSTED = ("uvicorn.error",)
"""Libraries whose templates are constants; of others only the logger's name is kept."""
FRAMES = 6
_ROOT = Path(__file__).resolve().parents[1]
_TOKEN = re.compile(r"[A-Za-z0-9_.:/{}\[\],-]{1,160}")
_PLACE = re.compile(r"[A-Za-z_.]{1,80} at [A-Za-z0-9_/]{1,80}\.py:\d+( \w+)?")
_CONVERSION = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?([a-zA-Z%])")


def setup(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the logs of this process to `stream` (standard error) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Their debug lines quote SQL with its values; they are never wanted.
    for noisy in ("tortoise", "aiosqlite", "asyncio", "apscheduler", "uvicorn.access"):
        logging.getLogger(noisy).setLevel("WARNING")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event_of(record),
        }
        if (request := request_id.get()) is not None:
            line["request"] = request
        for key in KEYS & record.__dict__.keys():
            if (value := safe(record.__dict__[key])) is not None:
                line[key] = value
        if record.exc_info and record.exc_info[1]:
            line["fault"] = fault_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def safe(value: object) -> int | float | str | None:
    """Return a value that may stand in a log: a number, a code, a place; else None."""
    if isinstance(value, int | float):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str) and (_TOKEN.fullmatch(value) or _PLACE.fullmatch(value)):
        return value
    return None


def event_of(record: logging.LogRecord) -> str:
    """Return what a log call says: its template with numbers and paths filled in."""
    if record.name.split(".")[0] not in OURS and record.name not in TRUSTED:
        return "a library reports"
    values = list(record.args) if isinstance(record.args, tuple) else []

    def fill(match: re.Match[str]) -> str:
        if match[1] == "%":
            return "%"
        value = values.pop(0) if values else None
        return str(value) if isinstance(value, int | float | Path) else "…"

    return _CONVERSION.sub(fill, str(record.msg)).strip()


def fault_of(error: BaseException) -> list[str]:
    """Return type and place of an exception and of those behind it, never their messages."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        lines.append(f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."))
        frames = traceback.extract_tb(current.__traceback__)[-FRAMES:]
        lines += [f"  {_place(frame)}" for frame in reversed(frames)]
        current = current.__cause__ or current.__context__
    return lines


def place_of(error: BaseException) -> str:
    """Return type and innermost place of an exception in at most 200 characters."""
    return "".join(fault_of(error)[:2]).replace("  ", " at ")[:200]


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    name = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path.name
    return f"{name}:{frame.lineno} {frame.name}"
