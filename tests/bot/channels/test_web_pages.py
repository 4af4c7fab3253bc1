"""The page and what belongs to it: strict headers, kept out of foreign frames."""

import re

import pytest

from core.network import store
from core.network.schema import Network
from tests.served import Served
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy_of(header: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _, value in parts}


async def test_the_page_runs_nothing_but_its_own_scripts_and_is_not_kept(leyla: Visitor) -> None:
    answer = await leyla.http.get("/")
    assert answer.status_code == 200
    policy = policy_of(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert answer.headers["Cache-Control"] == "no-store"
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "<script>" not in answer.text and " style=" not in answer.text


async def test_the_tab_does_not_tell_what_the_page_is_for(leyla: Visitor) -> None:
    title = re.search("<title>(.+?)</title>", (await leyla.http.get("/")).text)
    assert title
    for word in ("Terminstelle", "therap", "psych", "Passung"):
        assert word.casefold() not in title.group(1).casefold()


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("", "en", "en"),
        ("", "de-CH, en;q=0.5", "de"),
        ("?language=en", "de", "en"),
        ("?language=xx", "en", "en"),
        ("?language=%00", "fr", "de"),
    ],
)
async def test_the_page_comes_in_the_readers_language(
    leyla: Visitor, query: str, accepts: str, language: str
) -> None:
    answer = await leyla.http.get(f"/{query}", headers={"Accept-Language": accepts})
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Vary"] == "Accept-Language"


async def test_everything_that_the_page_loads_is_there_and_asked_for_again(
    leyla: Visitor,
) -> None:
    page = (await leyla.http.get("/")).text
    paths = set(re.findall(r'"(/chat/static/[^"]+)"', page))
    assert len(paths) > 5
    for path in paths:
        answer = await leyla.http.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "no-cache"
        known = {"If-None-Match": answer.headers["ETag"]}
        assert (await leyla.http.get(path, headers=known)).status_code == 304
        expected = {"js": "javascript", "css": "text/css", "svg": "image/svg+xml"}
        assert expected[path.rpartition(".")[2]] in answer.headers["Content-Type"]


async def test_the_page_one_leaves_to_tells_nothing(leyla: Visitor) -> None:
    answer = await leyla.http.get("/chat/bye")
    assert answer.status_code == 200
    for word in ("Termin", "Therap", "Chat", "Passung"):
        assert word.casefold() not in answer.text.casefold()


async def test_only_sites_of_the_network_may_frame_the_chat(
    leyla: Visitor, demo_network: Network
) -> None:
    sites = ("https://praxis.example", "https://www.praxis.example")
    assert "frame-ancestors 'none'" in await ancestors(leyla, "/?embed=1")
    await store.load(demo_network.model_copy(update={"embed_origins": sites}))
    try:
        assert f"frame-ancestors {' '.join(sites)}" in await ancestors(leyla, "/?embed=1")
        assert "frame-ancestors 'none'" in await ancestors(leyla, "/")
    finally:
        await store.load(demo_network)


async def ancestors(visitor: Visitor, path: str) -> str:
    return (await visitor.http.get(path)).headers["Content-Security-Policy"]


async def test_other_sites_may_load_the_widget_and_nothing_else(leyla: Visitor) -> None:
    answer = await leyla.http.get("/chat/widget.js")
    assert answer.status_code == 200
    assert "javascript" in answer.headers["Content-Type"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert (await leyla.http.get("/chat/widget.js", headers=known)).status_code == 304
    for path in ("/", "/chat/bye", "/chat/messages", "/chat/static/chat.js"):
        other = await leyla.http.get(path)
        assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in other.headers


async def test_the_page_answers_to_reading_only(chat: Served, leyla: Visitor) -> None:
    assert (await leyla.http.post("/", json={})).status_code == 405
    assert (await leyla.http.head("/")).status_code == 200
