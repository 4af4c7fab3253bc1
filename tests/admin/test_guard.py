"""What holds for every page of the office: who may send, and what no answer may do."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route

from admin import guard, session
from admin.app import build
from core.config import settings
from core.models import Conversation, Staff, StaffSession
from core.network.schema import Network
from tests.office import ORIGIN, conversation_of, signed_in, visitor

pytestmark = pytest.mark.anyio


def unsafe_paths() -> Iterator[str]:
    """Every address of the office that changes something, also those of later pages."""
    for route in _routes(build().routes):
        if {"POST", "PUT", "PATCH", "DELETE"} & set(route.methods or ()):
            yield "/office" + route.path.replace("{conversation}", "x" * 22)


def _routes(routes: Any) -> Iterator[Route]:
    for route in routes:
        if isinstance(route, Route):
            yield route
        elif not isinstance(route, Mount):
            yield from _routes(route.original_router.routes)


NOTHING_ELSE = (
    "default-src 'none'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)
UNSAFE = sorted(unsafe_paths())
FORM = "application/x-www-form-urlencoded"


def test_the_unsafe_addresses_are_found() -> None:
    assert {"/office/sign-in", "/office/set-up", "/office/sign-out"} <= set(UNSAFE)
    assert f"/office/conversations/{'x' * 22}/reply" in UNSAFE


@pytest.mark.parametrize(
    ("token", "headers", "content"),
    [
        pytest.param(False, {"Content-Type": FORM}, "a=b", id="no token"),
        pytest.param("wrong", {"Content-Type": FORM}, "a=b", id="a wrong token"),
        pytest.param(True, {"Content-Type": FORM, "Origin": "https://evil.example"}, "a=b",
                     id="a foreign origin"),
        pytest.param(True, {"Content-Type": FORM, "Origin": "null"}, "a=b", id="no origin told"),
        pytest.param(True, {"Content-Type": FORM, "Origin": "http://localhost.evil.example:8000"},
                     "a=b", id="an origin that begins like ours"),
        pytest.param(True, {"Content-Type": "text/plain"}, "a=b", id="plain text"),
        pytest.param(True, {"Content-Type": "application/json"}, "{}", id="json"),
        pytest.param(True, {}, "a=b", id="no content type"),
    ],
)  # fmt: skip
async def test_what_did_not_come_from_our_pages_is_refused(
    network: Network, token: bool | str, headers: dict[str, str], content: str
) -> None:
    async with signed_in("paula") as paula:
        csrf = token if isinstance(token, str) else await paula.csrf() if token else ""
        before = await StaffSession.all().values()
        for path in UNSAFE:
            sent = headers | ({"X-CSRF-Token": csrf} if csrf else {})
            answer = await paula.post(path, content=content, headers=sent)
            assert answer.status_code == 403, path
        assert await StaffSession.all().values() == before
        assert not await Conversation.filter(lead="human").exists()


async def test_a_form_without_any_origin_needs_the_browser_s_word(network: Network) -> None:
    async with signed_in("paula") as paula:
        csrf = await paula.csrf()
        del paula.headers["Origin"]
        sent = {"X-CSRF-Token": csrf}
        path, form = "/office/language", {"language": "en"}
        assert (await paula.post(path, data=form, headers=sent)).status_code == 403
        sent["Sec-Fetch-Site"] = "same-origin"
        assert (await paula.post(path, data=form, headers=sent)).status_code == 303


async def test_another_person_s_token_is_no_token(network: Network) -> None:
    thread = await conversation_of("leyla", "Hallo")
    path = f"/office/conversations/{thread.public_id}/take-over"
    async with signed_in("paula") as paula, signed_in("sara") as sara:
        sent = {"X-CSRF-Token": await sara.csrf()}
        assert (await paula.post(path, data={"a": "b"}, headers=sent)).status_code == 403
        assert (await paula.do(path)).status_code == 200


async def test_a_form_that_is_too_large_is_refused(network: Network) -> None:
    async with signed_in("paula") as paula:
        sent = {"X-CSRF-Token": await paula.csrf()}
        big = {"language": "e" * guard.LARGEST}
        answer = await paula.post("/office/language", data=big, headers=sent)
        assert answer.status_code == 413


async def test_every_answer_forbids_what_is_not_ours(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with signed_in("paula") as paula:
        monkeypatch.setattr("core.worklists.tasks_for", _breaks)
        paths = {
            "/office/inbox": 200, "/office/sign-in": 200, "/office/nowhere": 404,
            "/office/conversations/none": 404, "/office/sign-out": 405, "/office/tasks": 500,
            "/office/conversations/x/more?after=-1": 422, "/office/static/office.css": 200,
            "/office/static/none.css": 404, "/office/": 303,
        }  # fmt: skip
        for path, status in paths.items():
            answer = await paula.get(path)
            assert answer.status_code == status, path
            policy = answer.headers["content-security-policy"]
            assert set(NOTHING_ELSE) <= set(policy.split("; "))
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            stored = "no-cache" if "/static/" in path else "no-store"
            assert answer.headers["cache-control"] == stored, path
            assert "strict-transport-security" not in answer.headers
            assert "Traceback" not in answer.text and "secret words" not in answer.text


async def _breaks(by: object) -> None:
    raise RuntimeError("secret words of a patient")


async def test_over_https_cookies_and_answers_insist_on_it(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = settings().model_copy(update={"base_url": "https://termine.example"})
    monkeypatch.setattr(guard, "settings", lambda: secure)
    monkeypatch.setattr(session, "settings", lambda: secure)
    async with visitor() as somebody:
        answer = await somebody.get("/office/sign-in", follow_redirects=True)
        assert "max-age=31536000; includeSubDomains" in answer.headers["strict-transport-security"]
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-passung-office-form=")
        assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))
        assert "Domain" not in cookie
        assert not guard.is_own(ORIGIN, "localhost:8000")
        assert guard.is_own("https://termine.example", "anything")


async def test_at_localhost_the_cookie_is_plain_and_out_of_scripts_reach(
    network: Network,
) -> None:
    async with signed_in("paula") as paula:
        assert "passung-office" in paula.cookies and "passung-office-form" not in paula.cookies
        answer = await paula.do("/office/sign-out")
        assert answer.headers["hx-redirect"] == "/office/sign-in"
        assert "passung-office" not in paula.cookies
    assert await Staff.all().count() == 1
