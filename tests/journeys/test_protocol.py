"""What a program can do that knows the protocol of the README and nothing else."""

import asyncio
import re
import uuid
from typing import Any

import pytest

from tests.journeys.house import House
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio

DETAILS = ("Leyla Ahmadi", "14.03.1991")
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
MOST_STEPS = 20

Rows = list[dict[str, Any]]


async def send_twice(visitor: Visitor, **said: str) -> Rows:
    """Send one message as over a bad line, twice at once; return what is new."""
    body = {"id": str(uuid.uuid4()), **said}
    both = await asyncio.gather(visitor.post(**body), visitor.post(**body))
    assert sorted(answer.status_code for answer in both) == [200, 202]
    assert both[0].json() == both[1].json()
    return await visitor.read(after=both[0].json()["seq"])


async def book(visitor: Visitor) -> Rows:
    """Press the first button of every question, and write where there is none."""
    details = iter(DETAILS)
    rows = await visitor.read()
    for _ in range(MOST_STEPS):
        if any("file" in row for row in rows):
            return await visitor.read()
        if rows[-1]["choices"]:
            rows = await send_twice(visitor, choice=rows[-1]["choices"][0]["value"])
        else:
            rows = await send_twice(visitor, text=next(details))
    raise AssertionError(rows)


def cards(rows: Rows) -> list[dict[str, Any]]:
    return [card for row in rows for card in row.get("cards", [])]


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_program_books_leaves_comes_back_by_code_and_cancels(
    house: House, language: str
) -> None:
    async with Visitor(house) as program:
        await program.begin(language=language)
        thread = await book(program)
        file = next(row["file"] for row in thread if "file" in row)
        got = await program.http.get(f"/chat/files/{file['id']}", headers=program.bearer)
        assert got.content.startswith(b"BEGIN:VCALENDAR")
        code = next(CODE.findall(row["text"])[0] for row in thread if CODE.search(row["text"]))
        left = await program.http.delete("/chat/sessions", headers=program.bearer)
        assert left.status_code == 204

    async with Visitor(house) as elsewhere:
        await elsewhere.begin(code=code.lower())
        assert await elsewhere.read() == thread
        assert len(cards(await send_twice(elsewhere, text="/appointments"))) == 1
        rows = await send_twice(elsewhere, text="/cancel")
        rows = await send_twice(elsewhere, choice=rows[-1]["choices"][0]["value"])
        assert rows[-1]["choices"], "after a cancel there is always something to do next"
        assert cards(await send_twice(elsewhere, text="/appointments")) == []


async def test_an_old_button_books_nothing_more(house: House) -> None:
    async with Visitor(house) as program:
        await program.begin(language="de")
        thread = await book(program)
        offer = next(row for row in thread if row["kind"] == "offer")
        for card in offer["cards"]:
            rows = await send_twice(program, choice=card["value"])
            assert rows and rows[-1]["from"] == "bot" and rows[-1]["text"]
        assert len(cards(await send_twice(program, text="/appointments"))) == 1


async def test_everything_comes_over_the_stream_as_it_can_be_read(house: House) -> None:
    async with Visitor(house) as program:
        await program.begin(language="de")
        booking = asyncio.create_task(book(program))
        came: Rows = []
        async with program.events() as stream, asyncio.timeout(60):
            async for event in stream:
                if event.name == "message" and event.data is not None:
                    came.append(event.data)
                    if "file" in event.data:
                        break
        assert came == await booking


async def test_help_in_danger_comes_first_whatever_was_asked(house: House) -> None:
    async with Visitor(house) as program:
        await program.begin(language="de")
        for said in ("/now", "Ich will mich umbringen"):
            rows = await send_twice(program, text=said)
            assert rows[0]["kind"] == "crisis"
            assert rows[0]["lines"][0]["tel"] == "112"
