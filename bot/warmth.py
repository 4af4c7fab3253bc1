"""What would make the first patient wait, done before the doors open."""

import phonenumbers
from tortoise.exceptions import BaseORMException

from bot.understanding import understand
from core import clock, profiles, texts
from core.errors import Misconfigured
from core.network import store
from core.risk import screen
from core.rules.calendar_file import file_name
from core.rules.walltime import holidays_of, is_holiday


async def warm_up() -> None:
    """Read catalogues, risk tables, the lexicon, holidays and profiles into this process.

    Without a network in force, or without its database, there is nothing to warm yet: the doors
    open all the same, because the page then still says whom to call.
    """
    screen("")
    for language in texts.languages():
        file_name(language)
    try:
        network = await store.current()
    except (Misconfigured, BaseORMException, OSError):
        return
    today = clock.now().date()
    is_holiday(today, holidays_of(network.country, network.subdivision))
    phonenumbers.is_possible_number_string(network.phone, network.country)
    understand("", network, today)
    await profiles.active()
