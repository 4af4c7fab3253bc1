"""The patient's page as HTML: pure functions of a language and a network.

Nothing here is inline script or style, so that a strict content security policy holds. The texts
of every language of the network travel in the page: its language changes without a reload, and
the crisis lines can be read when the connection is gone.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import texts
from core.network.schema import CrisisLine, Network
from core.rules import hours

HERE = Path(__file__).parent
STATIC = HERE / "static"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_TEXT = 10_000
"""Characters of one message; as UTF-8 in JSON they stay below the 64 kB of the protocol."""

MENU = ("appointments", "cancel", "move", "human", "restart", "stored", "help")
"""The actions that are always there: each is sent as its name after a slash."""

_ELSEWHERE = ("page.bye_", "page.widget_")
# The panel of *I need help now* says what the crisis messages say, word for word.
_SHARED = {
    "now_emergency": "crisis.emergency_call",
    "now_otherwise": "crisis.if_nobody_answers",
    "now_open": "crisis.open_now",
    "now_closed": "crisis.open_later",
    "now_reading": "crisis.reading_now",
    "now_nobody": "crisis.perhaps_nobody",
}
_templates = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    language: str, network: Network, base_path: str = "", *, leave_to: str | None = None
) -> str:
    """Return the whole page in a language of the network; another one gives its first.

    `base_path` stands before every address (no slash at its end). `leave_to` is where
    *leave quickly* goes; without it to the neutral page of this house.
    """
    language = language if language in network.languages else network.languages[0]
    settings = _settings(language, network, base_path, leave_to)
    own = settings["languages"][language]
    return _templates.get_template("page.html").render(
        settings=settings,
        t=own["texts"],
        lines=own["lines"],
        title=own["network"],
        language=language,
        direction=own["direction"],
        base=base_path,
        modules=_modules(),
        menu=MENU,
        emergency=network.emergency_number,
        emergency_tel=_dialled(network.emergency_number),
        privacy_url=network.privacy_url,
    )


def bye(language: str) -> str:
    """Return the neutral page that *leave quickly* ends on: nothing on it tells of a chat."""
    return _templates.get_template("bye.html").render(
        language=language,
        direction=texts.direction(language),
        title=texts.say(language, "page.bye_title"),
    )


def widget(network: Network, base_path: str = "") -> str:
    """Return the script with which other sites embed the chat, its words filled in."""
    words = {
        language: {
            name: texts.say(language, f"page.widget_{name}") for name in ("open", "close", "title")
        }
        for language in network.languages
    }
    given = {"words": words, "first": network.languages[0], "base": base_path}
    script = (HERE / "widget.js").read_text(encoding="utf-8")
    return script.replace("PASSUNG_SETTINGS", json.dumps(given, ensure_ascii=False))


def _settings(
    language: str, network: Network, base_path: str, leave_to: str | None
) -> dict[str, Any]:
    return {
        "base": base_path,
        "language": language,
        "languages": {code: _language(code, network) for code in network.languages},
        "zone": network.zone,
        "phone": network.phone,
        "emergency": network.emergency_number,
        "leave": leave_to or f"{base_path}/chat/bye",
        "longest": LONGEST_TEXT,
    }


def _language(language: str, network: Network) -> dict[str, Any]:
    """Return all that the page says in one language."""
    return {
        "name": str(Locale.parse(language, sep="-").get_display_name(language)).capitalize(),
        "direction": texts.direction(language),
        "network": _own(network.titles, network, language),
        "texts": _texts(language, network),
        "lines": [_line(line, network, language) for line in _shown_lines(network)],
    }


def _texts(language: str, network: Network) -> dict[str, str]:
    # What only the browser knows stays a placeholder, to be filled there.
    known = {"phone": network.phone, "number": network.emergency_number}
    later = {"n": "{n}", "time": "{time}"}
    own = {
        key.removeprefix("page."): key
        for key in sorted(texts.keys(language))
        if key.startswith("page.") and not key.startswith(_ELSEWHERE)
    }
    return {
        name: texts.say(language, key, **known, **later) for name, key in (own | _SHARED).items()
    }


def _shown_lines(network: Network) -> list[CrisisLine]:
    return [
        line
        for line in network.crisis_lines
        if line.checked
        and line.country == network.country
        and line.number != network.emergency_number
        and (line.number or line.url)
    ]


def _line(line: CrisisLine, network: Network, language: str) -> dict[str, Any]:
    return {
        "label": _own(line.names, network, language),
        "number": line.number,
        "tel": _dialled(line.number) if line.number else None,
        "url": line.url,
        "hours": hours.words(language, line.hours),
        "openings": [
            {
                "days": [WEEKDAYS.index(day) for day in opening.days],
                "opens": opening.opens.strftime("%H:%M"),
                "closes": opening.closes.strftime("%H:%M"),
            }
            for opening in line.hours
        ],
    }


def _own(labels: dict[str, str], network: Network, language: str) -> str:
    return labels.get(language) or labels[network.languages[0]]


def _dialled(number: str) -> str:
    return re.sub(r"[^0-9+]", "", number)


@cache
def _modules() -> tuple[str, ...]:
    """Name the scripts that the page needs, so that a slow network fetches them at once."""
    return tuple(sorted(path.name for path in STATIC.glob("*.js")))
