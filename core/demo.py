"""The fictional network of Bonn with its people, loaded through the doors that all use."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import Any

from core import clock, conversations, staff, supply, texts, therapists, ticks
from core.actors import SYSTEM
from core.config import settings
from core.errors import Conflict
from core.models import Conversation, NetworkVersion, Person, Slot, Staff, Therapist
from core.network import reading, store
from core.network import therapists as rows_of
from core.network.schema import Network

FOLDER = reading.NETWORKS / "demo"
CHANNEL = "web"
LATELY = timedelta(weeks=7)
"""With slots beyond this the horizon of eight weeks was made lately; the worker prolongs it."""

Talk = Callable[[Conversation, str, str, str], Awaitable[object]]
"""Takes one message of a patient: conversation, id, kind (start, text or choice), content."""


async def load(language: str, talk: Talk) -> list[str]:
    """Load the demo and return what to print: addresses and logins.

    Again it only adds what is missing. Raises `Conflict` where anything else stands already.
    """
    await _refuse_others()
    network = reading.read(FOLDER)
    await store.load(network)
    await _fill(network)
    for member in _people()["staff"]:
        if not await Staff.filter(email=member["email"]).exists():
            given = (member["email"], member["name"], member["roles"], member["password"])
            await staff.add(*given, network.languages[0], SYSTEM)
    for script in _people()["talks"]:
        await _converse(script, talk)
    return _said(language, network)


@cache
def _people() -> dict[str, Any]:
    people: dict[str, Any] = json.loads((FOLDER / "people.json").read_text(encoding="utf-8"))
    return people


async def _refuse_others() -> None:
    newest = await NetworkVersion.all().order_by("-version").first()
    strange = await Therapist.exclude(email__endswith="@rheinaue.example").exists()
    if newest is None:
        strange = await Therapist.exists() or await Staff.exists() or await Person.exists()
    if strange or not (newest is None or newest.name == FOLDER.name):
        raise Conflict("error.demo_other_network")


async def _fill(network: Network) -> None:
    """Store therapists once, so that what was changed in the office stays; make their slots."""
    text = (FOLDER / "therapists.csv").read_text(encoding="utf-8")
    rows, _ = rows_of.parse(text, network)
    if await Therapist.all().count() < len(rows):
        await therapists.store(rows, by=SYSTEM, now=clock.now())
    if not await Slot.filter(starts_at__gte=clock.now() + LATELY).exists():
        until = ticks.horizon(network.zone, network.rules.horizon_days)
        await supply.make_slots(until=until, by=SYSTEM)


async def _converse(script: dict[str, Any], talk: Talk) -> None:
    """Play one patient's side: texts, and numbers for the buttons of the last message.

    The ids are those of the script: what was played before changes nothing.
    """
    conversation = await conversations.start(CHANNEL, script["language"], f"demo:{script['who']}")
    if conversation.seq:
        return
    await talk(conversation, "start", "start", "")
    for n, said in enumerate(script["says"]):
        if isinstance(said, str):
            await talk(conversation, f"demo-{n}", "text", said)
            continue
        rows = await conversations.read(conversation)
        choices = rows[-1]["choices"] if rows else []
        if len(choices) < said:
            return
        await talk(conversation, f"demo-{n}", "choice", choices[said - 1]["value"])


def _said(language: str, network: Network) -> list[str]:
    url = settings().base_url
    said = [
        texts.say(language, "cli.demo_loaded", title=network.titles[network.languages[0]]),
        texts.say(language, "cli.demo_page", url=url),
        texts.say(language, "cli.demo_office", url=url),
    ]
    for member in _people()["staff"]:
        roles = texts.join(
            language, [texts.say(language, f"cli.role.{r}") for r in member["roles"]]
        )
        fields = {name: member[name] for name in ("name", "email", "password")}
        said.append(texts.say(language, "cli.demo_login", roles=roles, **fields))
    return said
