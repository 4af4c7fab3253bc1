"""Logs hold no patient text, whatever a call or a fault brings along."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import logs
from core.audit import request_id
from tests.architecture.source import modules

CANARY = "Ich will nicht mehr leben, Leyla Ahmadi"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.setup("DEBUG", stream)
    yield stream
    root.handlers[:], _ = before
    root.setLevel(before[1])


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_what_is_allowed(stream: io.StringIO):
    logging.getLogger("core.outbox").warning(
        "a delivery failed after %d tries", 3, extra={"channel": "email", "status": 451}
    )
    (line,) = lines(stream)
    assert line["event"] == "a delivery failed after 3 tries"
    assert (line["level"], line["logger"]) == ("warning", "core.outbox")
    assert (line["channel"], line["status"]) == ("email", 451)


@pytest.mark.parametrize(
    "extra",
    [{"text": CANARY}, {"kind": CANARY}, {"reference": f"{CANARY}\n"}, {"names": [CANARY]}],
)
def test_unknown_keys_and_free_text_are_dropped(stream: io.StringIO, extra: dict[str, object]):
    logging.getLogger("bot.turn").error("a turn failed", extra=extra)
    assert "Leyla" not in stream.getvalue()
    assert lines(stream)[0].keys() == {"at", "level", "logger", "event"}


def test_texts_in_a_template_are_left_out_and_numbers_stay(stream: io.StringIO):
    log = logging.getLogger("core.turn")
    log.info("said %s %r %5.1f %s, 100%%", CANARY, CANARY, 2.5, Path("passung.key"))
    log.info("by name %(who)s", {"who": CANARY})
    assert "Leyla" not in stream.getvalue()
    assert lines(stream)[0]["event"] == "said … … 2.5 passung.key, 100%"


def test_a_fault_is_told_by_type_and_place_alone(stream: io.StringIO):
    try:
        try:
            raise ValueError(CANARY)
        except ValueError:
            raise RuntimeError(CANARY) from None
    except RuntimeError:
        logging.getLogger("core.turn").exception("a turn failed")
    (line,) = lines(stream)
    assert "Leyla" not in stream.getvalue()
    assert line["fault"][0] == "RuntimeError" and "ValueError" in line["fault"]
    assert "test_logs.py:" in line["fault"][1]


def test_a_fault_that_is_its_own_cause_ends(stream: io.StringIO):
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    assert logs.fault_of(first) == ["ValueError", "KeyError"]


def test_a_place_is_short():
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        assert logs.place_of(error).startswith("KeyError at ")
        assert "Leyla" not in logs.place_of(error)


@pytest.mark.parametrize("name", ["asyncio", "tortoise.db_client", "somebody.elses"])
def test_what_libraries_say_is_not_quoted(stream: io.StringIO, name: str):
    logging.getLogger(name).error(f"future failed: {CANARY}")
    assert lines(stream)[0]["event"] == "a library reports"


def test_queries_are_never_logged(stream: io.StringIO):
    logging.getLogger("tortoise.db_client").debug("%s: %s", "SELECT", [CANARY])
    logging.getLogger("aiosqlite").debug("executing %s", CANARY)
    assert stream.getvalue() == ""


def test_line_breaks_cannot_forge_a_line(stream: io.StringIO):
    logging.getLogger("core.x").info('a\r\n{"level": "forged"}\u2028b')
    assert len(stream.getvalue().splitlines()) == 1
    assert "\u2028" not in stream.getvalue()


def test_a_line_names_its_request(stream: io.StringIO):
    token = request_id.set("abc")
    try:
        logging.getLogger("core.x").info("seen")
    finally:
        request_id.reset(token)
    assert lines(stream)[0]["request"] == "abc"


def test_no_log_call_of_ours_builds_its_own_text():
    """An f-string would carry into the template what the formatter keeps out."""
    built = [
        f"{path.name}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "logger", "logging")
        and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
        and not (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]
    assert not built


def test_a_place_may_stand_in_a_line_and_a_sentence_may_not(stream: io.StringIO):
    log = logging.getLogger("bot.turn")
    log.error("turn failed", extra={"error": "KeyError at turn.py:12"})
    log.error("turn failed", extra={"error": f"KeyError: {CANARY}"})
    first, second = lines(stream)
    assert first["error"] == "KeyError at turn.py:12" and "error" not in second
