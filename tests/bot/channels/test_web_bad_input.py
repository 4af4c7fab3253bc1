"""Whatever is sent, each endpoint says what is wrong, with the right status, and stores nothing."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise import Tortoise

from core import texts
from tests.served import Served
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
ID = "3f2b8c1e-5a47-4d0c-9e21-7b6f0d9a1c34"
DEEP = b"[" * 30_000 + b"]" * 30_000

MALFORMED = [
    (b"", JSON, 400, "error.malformed_json"),
    (b"{", JSON, 400, "error.malformed_json"),
    (b"{}{}", JSON, 400, "error.malformed_json"),
    (b"\xff\xfe{}", JSON, 400, "error.malformed_json"),
    (b'{"a": "\xe4"}', JSON, 400, "error.malformed_json"),
    (DEEP, JSON, 400, "error.malformed_json"),
    (b'{"id": ' + b"9" * 5_000 + b"}", JSON, 400, "error.malformed_json"),
    (b"[]", JSON, 422, "error.not_an_object"),
    (b"null", JSON, 422, "error.not_an_object"),
    (b"NaN", JSON, 422, "error.not_an_object"),
    (b'"text"', JSON, 422, "error.not_an_object"),
    (b'{"nonsense": 1}', JSON, 422, "error.unknown_field"),
    (b'{"\\ud800": 1}', JSON, 422, "error.unknown_field"),
    (b"{}", {}, 415, "error.not_json"),
    (b"{}", {"Content-Type": "text/plain"}, 415, "error.not_json"),
    (b"text=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "error.not_json"),
    (b"{}" + b" " * 65_536, JSON, 413, "error.body_too_large"),
]
MESSAGES: list[tuple[dict[str, Any], str]] = [
    ({}, "error.field_missing"),
    ({"text": "Hallo"}, "error.field_missing"),
    ({"id": ID}, "error.text_or_choice"),
    ({"id": ID, "text": "Hallo", "choice": "1.a"}, "error.text_or_choice"),
    ({"id": ID, "text": None}, "error.field_wrong"),
    ({"id": ID, "text": 1}, "error.field_wrong"),
    ({"id": ID, "text": ["Hallo"]}, "error.field_wrong"),
    ({"id": ID, "choice": True}, "error.field_wrong"),
    ({"id": ID, "choice": {}}, "error.field_wrong"),
    ({"id": ID, "choice": "x" * 201}, "error.field_wrong"),
    ({"id": 1, "text": "Hallo"}, "error.field_wrong"),
    ({"id": None, "text": "Hallo"}, "error.field_wrong"),
    ({"id": "", "text": "Hallo"}, "error.not_a_message_id"),
    ({"id": "1", "text": "Hallo"}, "error.not_a_message_id"),
    ({"id": f"{{{ID}}}", "text": "Hallo"}, "error.not_a_message_id"),
    ({"id": ID + "\n", "text": "Hallo"}, "error.not_a_message_id"),
    ({"id": ID.replace("3", "３"), "text": "Hallo"}, "error.not_a_message_id"),
    ({"id": ID, "text": "Hallo", "seq": 1}, "error.unknown_field"),
]
SESSIONS: list[tuple[dict[str, Any], int, str]] = [
    ({"language": None}, 422, "error.field_wrong"),
    ({"language": 1}, 422, "error.field_wrong"),
    ({"language": "d" * 36}, 422, "error.field_wrong"),
    ({"code": None}, 422, "error.field_wrong"),
    ({"code": 123412341234}, 422, "error.field_wrong"),
    ({"code": "x" * 201}, 422, "error.field_wrong"),
    ({"code": ""}, 422, "error.return_code_shape"),
    ({"code": "UUUU-UUUU-UUUU"}, 422, "error.return_code_shape"),
    ({"code": "\x00" * 12}, 422, "error.return_code_shape"),
    ({"code": "0000-0000-0000"}, 404, "error.return_code_unknown"),
    ({"token": "x"}, 422, "error.unknown_field"),
]
ABSENT = [
    "/chat",
    "/chat/",
    "/chat/nothing",
    "/chat/messages/1",
    "/chat/openapi.json",
    "/chat/docs",
    "/chat/static/",
    "/chat/static/../app.py",
    "/chat/static/%2e%2e/page.html",
    "/chat/files/",
    "/chat/files/%00",
    "/chat/files/..%2f..%2fetc",
]
METHODS = [
    ("GET", "/chat/sessions"),
    ("PATCH", "/chat/sessions"),
    ("PUT", "/chat/messages"),
    ("DELETE", "/chat/messages"),
    ("OPTIONS", "/chat/messages"),
    ("TRACE", "/chat/messages"),
    ("POST", "/chat/events"),
    ("POST", "/chat/bye"),
    ("POST", "/chat/static/chat.js"),
]
QUERIES = ["-1", "1.5", "x", "1 ", "٣", "0x1", "9" * 21, "%00", "1;2"]


async def stored() -> dict[str, int]:
    """Count the rows of every table but the one of tries."""
    models = Tortoise.apps["core"].values()
    return {m.__name__: await m.all().count() for m in models if m.__name__ != "Attempt"}


def told(answer: Any, status: int, key: str) -> None:
    assert answer.status_code == status, answer.text
    given = answer.json()
    assert given["error"] == key
    assert given["text"] and "{" not in given["text"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/sessions"])
@pytest.mark.parametrize(("raw", "headers", "status", "key"), MALFORMED)
async def test_a_body_that_is_no_json_object_is_refused(
    leyla: Visitor, path: str, raw: bytes, headers: dict[str, str], status: int, key: str
) -> None:
    before = await stored()
    answer = await leyla.http.post(path, content=raw, headers=leyla.bearer | headers)
    told(answer, status, key)
    assert await stored() == before


@pytest.mark.parametrize(("body", "key"), MESSAGES)
async def test_a_message_that_cannot_be_one_is_refused(
    leyla: Visitor, body: dict[str, Any], key: str
) -> None:
    before = await stored()
    told(await leyla.post(**body), 422, key)
    assert await stored() == before


@pytest.mark.parametrize(("body", "status", "key"), SESSIONS)
async def test_a_session_that_cannot_be_opened_is_refused(
    leyla: Visitor, body: dict[str, Any], status: int, key: str
) -> None:
    before = await stored()
    answer = await leyla.http.post("/chat/sessions", json=body)
    told(answer, status, key)
    assert "Set-Cookie" not in answer.headers
    assert await stored() == before


@pytest.mark.parametrize("after", QUERIES)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/events"])
async def test_a_sequence_that_is_no_number_is_refused(
    leyla: Visitor, path: str, after: str
) -> None:
    answer = await leyla.http.get(f"{path}?after={after}", headers=leyla.bearer)
    told(answer, 422, "error.field_wrong")


async def test_a_resume_point_that_is_no_number_is_refused(leyla: Visitor) -> None:
    for last in ("x", "-1", "1,2"):
        headers = leyla.bearer | {"Last-Event-ID": last}
        answer = await leyla.http.get("/chat/events", headers=headers)
        told(answer, 422, "error.field_wrong")


@pytest.mark.parametrize("path", ABSENT)
async def test_what_is_not_there_is_not_found(leyla: Visitor, path: str) -> None:
    answer = await leyla.http.get(path, headers=leyla.bearer, follow_redirects=True)
    assert answer.status_code == 404
    if path != "/chat":
        told(answer, 404, "error.not_found")


@pytest.mark.parametrize(("method", "path"), METHODS)
async def test_another_method_is_refused(leyla: Visitor, method: str, path: str) -> None:
    answer = await leyla.http.request(method, path, headers=leyla.bearer)
    told(answer, 405, "error.no_such_method")


async def test_an_error_is_told_in_the_readers_language(chat: Served) -> None:
    async with Visitor(chat) as english:
        english.http.headers["Accept-Language"] = "en"
        told_before = await english.http.get("/chat/messages")
        assert told_before.json()["text"] == texts.say("en", "error.no_session")
        await english.begin(language="de")
        told_within = await english.post(id="x", text="")
        assert told_within.json()["text"] == texts.say("de", "error.not_a_message_id")


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str) | VALUES,
        "text": st.text() | VALUES,
        "choice": st.text() | VALUES,
        "language": st.sampled_from(["de", "en", "x"]) | VALUES,
        "code": st.text() | VALUES,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES | VALUES, path=st.sampled_from(["/chat/messages", "/chat/sessions"]))
async def test_no_json_at_all_breaks_the_chat(leyla: Visitor, body: Any, path: str) -> None:
    headers = leyla.bearer | JSON
    headers["X-Forwarded-For"] = f"2001:db8:0:{uuid.uuid4().hex[:4]}::1"
    raw = json.dumps(body).encode()
    answer = await leyla.http.post(path, content=raw, headers=headers)
    assert answer.status_code < 500, answer.text
    assert answer.status_code in (201, 202) or answer.json()["error"] in texts.keys("de")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200))
async def test_no_bytes_at_all_break_the_chat(leyla: Visitor, raw: bytes) -> None:
    for path in ("/chat/messages", "/chat/sessions"):
        answer = await leyla.http.post(path, content=raw, headers=leyla.bearer | JSON)
        assert answer.status_code in (400, 422)
