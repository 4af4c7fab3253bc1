"""Delivery: claims what is due and gives each row to the sender of its channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from core import clock, outbox
from core.config import Settings
from core.db import unit_of_work
from core.models import Outbox

log = logging.getLogger(__name__)

BATCH = 20
SEND_SECONDS = 60.0
"""The longest that one sender may take: well within the lease of its row."""


class TryLater(Exception):
    """The other side could not take it now; the row is tried again."""


class Refused(Exception):
    """The other side will never take it; a human has to find another way."""


Sender = Callable[[Outbox, dict[str, Any]], Awaitable[str | None]]
"""Sends one payload and returns the provider's id; raises TryLater or Refused."""


def senders(settings: Settings) -> dict[str, Sender]:
    """Return the sender of each channel that these settings make possible."""
    found: dict[str, Sender] = {}
    if settings.smtp_host:
        from bot.channels.email import Mailer

        found["email"] = Mailer(settings).send
    return found


async def deliver_due(by_channel: Mapping[str, Sender]) -> int:
    """Send everything that is due now and return how many rows were worked on."""
    worked = 0
    channels = tuple(by_channel)
    while rows := await unit_of_work(outbox.claim(clock.now(), BATCH, channels)):
        # Each in its own task: one slow server keeps nobody else's message back.
        await asyncio.gather(*(deliver(row, by_channel[row.channel]) for row in rows))
        worked += len(rows)
    return worked


async def deliver(row: Outbox, send: Sender) -> None:
    """Send one claimed row and note what became of it."""
    parcel = await unit_of_work(outbox.open_parcel(row))
    if parcel is None:
        return
    try:
        async with asyncio.timeout(SEND_SECONDS):
            provider_id = await send(row, parcel.payload)
    except (TryLater, TimeoutError):
        await unit_of_work(outbox.failed(row, permanent=False))
    except Refused:
        await unit_of_work(outbox.failed(row, permanent=True))
    except Exception:
        # A fault of ours: it is logged with its place and tried again, then becomes a task.
        log.exception("a sender failed", extra={"channel": row.channel, "kind": row.kind})
        await unit_of_work(outbox.failed(row, permanent=False))
    else:
        await unit_of_work(outbox.sent(row, provider_id))
