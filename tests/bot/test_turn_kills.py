"""Killed in the middle of turns: what was acknowledged is there, and nothing is half done."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

from core import conversations, keys
from core.models import Conversation, Escalation, Message, RiskHit
from core.network.schema import Network
from tests.architecture.source import ROOT

KILLS = 5
ACKED_EACH = 8
"""How many acknowledgements a process may give before it is killed in its next turns."""


async def killed_while_writing(database: str, key_file: Path, run: int) -> list[tuple[int, str]]:
    """Let a process write, kill it with turns under way; return what it acknowledged."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.writer", database, str(key_file), str(run)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    acked: list[bytes] = []
    async with asyncio.timeout(60):
        while len(acked) < ACKED_EACH + run and (line := await process.stdout.readline()):
            acked.append(line)
        process.kill()
        rest = (await process.stdout.read()).splitlines(keepends=True)
        await process.wait()
    acked += [line for line in rest if line.endswith(b"\n")]
    assert len(acked) >= ACKED_EACH
    return [(int(a), b) for a, b, _ in (line.decode().split() for line in acked)]


async def test_kills_lose_nothing_that_was_acknowledged_and_break_nothing(
    database: str, network: Network, tmp_path: Path
) -> None:
    key_file = tmp_path / "key"
    keys.open_file(key_file, create=True)
    acked: list[tuple[int, str]] = []
    for run in range(KILLS):
        acked += await killed_while_writing(database, key_file, run)
    stored = await Message.filter(external_id__not_isnull=True).values_list(
        "conversation_id", "external_id"
    )
    counted = Counter(tuple(row) for row in stored)
    assert set(acked) <= set(counted)
    assert set(counted.values()) == {1}
    for conversation in await Conversation.all():
        thread = await conversations.read(conversation, limit=10_000)
        assert [m["seq"] for m in thread] == list(range(1, conversation.seq + 1))
        conversations.dialogue_state(await _opened(conversation))
    open_ones = await Escalation.exclude(state="closed").values_list("conversation_id", flat=True)
    assert set(Counter(open_ones).values()) == {1}
    danger = await RiskHit.all().values_list("message_id", flat=True)
    said = await Message.filter(sender="patient").prefetch_related("person")
    for message in said:
        opened = conversations.open_message(conversations.key_of(message.person), message)
        assert (message.id in danger) == ("Suizid" in opened.body["text"])


async def _opened(conversation: Conversation) -> Conversation:
    return await Conversation.get(id=conversation.id).prefetch_related("person")
