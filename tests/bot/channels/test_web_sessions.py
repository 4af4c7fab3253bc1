"""Beginning, coming back and leaving, and who may do so."""

import uuid
from http.cookies import SimpleCookie

import httpx
import pytest

from core import chat_access
from core.models import Audit, ChatSession, Conversation
from tests.served import Served
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("body", "accepts", "language"),
    [
        ({"language": "de"}, "", "de"),
        ({"language": "en"}, "de", "en"),
        ({"language": "en-GB"}, "", "en"),
        ({"language": "EN"}, "", "en"),
        ({"language": "tlh"}, "en", "de"),
        ({"language": ""}, "en", "de"),
        ({}, "fr;q=0.9, en;q=0.8, de;q=0.7", "en"),
        ({}, "de;q=0.2, en-US", "en"),
        ({}, "fr", "de"),
        ({}, "", "de"),
        ({}, ";q=x,,;;", "de"),
    ],
)
async def test_the_conversation_is_in_the_language_wished_else_in_the_networks_first(
    chat: Served, body: dict[str, str], accepts: str, language: str
) -> None:
    async with Visitor(chat) as visitor:
        visitor.http.headers["Accept-Language"] = accepts
        await visitor.begin(**body)
        found = await Conversation.get(public_id=visitor.conversation)
        assert found.language == language


async def test_a_browser_gets_a_cookie_that_scripts_cannot_read(chat: Served) -> None:
    async with Visitor(chat) as visitor:
        answer = await visitor.http.post("/chat/sessions", json={})
        cookie = SimpleCookie(answer.headers["Set-Cookie"])["passung"]
        assert cookie.value == answer.json()["token"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
        assert not cookie["secure"] and not cookie["max-age"] and not cookie["expires"]
        assert (await visitor.http.get("/chat/messages")).status_code == 200


async def test_only_a_hash_of_the_token_is_kept(leyla: Visitor) -> None:
    kept = await ChatSession.filter(conversation__public_id=leyla.conversation).values()
    assert len(kept) == 1
    assert leyla.token not in str(kept)
    assert len(leyla.token) == 43


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_another_site_cannot_use_a_browsers_cookie(chat: Served, origin: str) -> None:
    async with Visitor(chat) as visitor:
        assert (await visitor.http.post("/chat/sessions", json={})).status_code == 201
        before = (await visitor.http.get("/chat/messages")).json()
        forged = {"Origin": origin}
        body = {"id": str(uuid.uuid4()), "text": "forged"}
        for answer in (
            await visitor.http.post("/chat/messages", json=body, headers=forged),
            await visitor.http.delete("/chat/sessions", headers=forged),
            await visitor.http.post("/chat/sessions", json={}, headers=forged),
        ):
            assert (answer.status_code, answer.json()["error"]) == (403, "error.other_site")
        assert (await visitor.http.get("/chat/messages")).json() == before


async def test_a_cookie_without_any_origin_changes_nothing(chat: Served) -> None:
    async with Visitor(chat) as visitor:
        await visitor.http.post("/chat/sessions", json={})
        body = {"id": str(uuid.uuid4()), "text": "Hallo"}
        assert (await visitor.http.post("/chat/messages", json=body)).status_code == 403
        cross = {"Sec-Fetch-Site": "cross-site"}
        answer = await visitor.http.post("/chat/messages", json=body, headers=cross)
        assert answer.status_code == 403
        own = {"Sec-Fetch-Site": "same-origin"}
        answer = await visitor.http.post("/chat/messages", json=body, headers=own)
        assert answer.status_code == 202


async def test_the_page_itself_can_write_with_its_cookie(chat: Served) -> None:
    async with Visitor(chat) as visitor:
        page = {"Origin": chat.url}
        assert (await visitor.http.post("/chat/sessions", json={}, headers=page)).status_code == 201
        body = {"id": str(uuid.uuid4()), "text": "Guten Tag"}
        answer = await visitor.http.post("/chat/messages", json=body, headers=page)
        assert answer.status_code == 202


async def test_on_ones_own_machine_both_names_of_it_are_one_place(chat: Served) -> None:
    base = f"http://127.0.0.1:{chat.port}"
    async with httpx.AsyncClient(base_url=base, headers={"Origin": base}) as browser:
        assert (await browser.post("/chat/sessions", json={})).status_code == 201
        body = {"id": str(uuid.uuid4()), "text": "Guten Tag"}
        assert (await browser.post("/chat/messages", json=body)).status_code == 202


async def test_a_program_needs_no_origin_and_its_token_goes_before_a_cookie(
    chat: Served, leyla: Visitor
) -> None:
    leyla.http.cookies.set("passung", "not a token")
    answer = await leyla.http.post(
        "/chat/messages",
        json={"id": str(uuid.uuid4()), "text": "Hallo"},
        headers=leyla.bearer | {"Origin": "https://evil.example"},
    )
    assert answer.status_code == 202


async def test_nothing_opens_without_a_session(chat: Served, leyla: Visitor) -> None:
    wrong = [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "A" * 43},
        {"Authorization": f"Basic {leyla.token}"},
        {"Authorization": f"Bearer {leyla.token[:-1]}"},
        {"Authorization": f"Bearer {leyla.token}x"},
        {"Authorization": b"Bearer \xff\xfe" + b"x" * 41},
        {"Cookie": f"__Host-passung={leyla.token}"},
        {"Cookie": "passung="},
    ]
    async with httpx.AsyncClient(base_url=chat.url) as stranger:
        for headers in wrong:
            for method, path in (
                ("GET", "/chat/messages"),
                ("GET", "/chat/events"),
                ("GET", "/chat/files/AAAAAAAAAAAAAAAAAAAAAA"),
                ("POST", "/chat/messages"),
                ("DELETE", "/chat/sessions"),
            ):
                answer = await stranger.request(method, path, headers=headers)
                assert answer.status_code == 401, (method, path, headers)
                assert answer.json()["error"] == "error.no_session"
                assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_leaving_ends_the_session_at_once_and_leaves_nothing_in_the_browser(
    leyla: Visitor,
) -> None:
    answer = await leyla.http.delete("/chat/sessions", headers=leyla.bearer)
    assert answer.status_code == 204
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["passung"]
    assert cookie.value == "" and cookie["max-age"] == "0"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert (await leyla.http.get("/chat/messages", headers=leyla.bearer)).status_code == 401
    assert (await leyla.http.delete("/chat/sessions", headers=leyla.bearer)).status_code == 401


async def test_a_return_code_reopens_the_conversation_from_other_devices(
    chat: Served, leyla: Visitor
) -> None:
    await leyla.say("Ich komme wieder")
    before = await leyla.read()
    found = await Conversation.get(public_id=leyla.conversation)
    code = await chat_access.new_return_code(found)
    await leyla.http.delete("/chat/sessions", headers=leyla.bearer)
    for written in (code, code.lower().replace("-", " "), f" {code.replace('-', '–')} "):
        async with Visitor(chat) as elsewhere:
            await elsewhere.begin(code=written)
            assert elsewhere.conversation == leyla.conversation
            assert elsewhere.token != leyla.token
            assert await elsewhere.read() == before
    assert await Audit.filter(action="chat.reopened", object_id=found.public_id).count() == 3


async def test_a_code_opens_nothing_else_and_guessing_is_stopped(
    chat: Served, leyla: Visitor
) -> None:
    code = await chat_access.new_return_code(await Conversation.get(public_id=leyla.conversation))
    sessions = await ChatSession.all().count()
    async with Visitor(chat) as guesser:
        for n in range(10):
            wrong = await guesser.http.post("/chat/sessions", json={"code": f"0000-0000-{n:04}"})
            assert (wrong.status_code, wrong.json()["error"]) == (404, "error.return_code_unknown")
        stopped = await guesser.http.post("/chat/sessions", json={"code": code})
        assert (stopped.status_code, stopped.json()["error"]) == (429, "error.too_many")
        assert 0 < int(stopped.headers["Retry-After"]) <= 3600
        assert "112" in stopped.json()["text"]
    assert await ChatSession.all().count() == sessions
    async with Visitor(chat) as elsewhere:
        await elsewhere.begin(code=code)


async def test_what_cannot_be_a_code_is_told_and_does_not_count_as_a_guess(chat: Served) -> None:
    async with Visitor(chat) as visitor:
        for n in range(15):
            answer = await visitor.http.post("/chat/sessions", json={"code": "ABC" * n})
            expected = 404 if n == 4 else 422
            assert answer.status_code == expected


async def test_a_new_conversation_of_a_browser_ends_its_session_before(chat: Served) -> None:
    async with Visitor(chat) as browser:
        page = {"Origin": chat.url}
        first = (await browser.http.post("/chat/sessions", json={}, headers=page)).json()
        second = (await browser.http.post("/chat/sessions", json={}, headers=page)).json()
        assert first["conversation"] != second["conversation"]
        assert await chat_access.find(first["token"]) is None
        assert await chat_access.find(second["token"]) is not None


async def test_one_address_opens_sixty_conversations_an_hour_but_writes_on(chat: Served) -> None:
    async with Visitor(chat) as hospital:
        for _ in range(chat_access.NEW_SESSIONS.most):
            await hospital.begin()
        stopped = await hospital.http.post("/chat/sessions", json={})
        assert stopped.status_code == 429
        assert "112" in stopped.json()["text"]
        await hospital.say("Ich bin schon da und schreibe weiter")
