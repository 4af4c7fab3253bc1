"""Passwords of staff: what is accepted, and how they are kept."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from core.errors import Invalid

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5
COMMON = Path(__file__).with_name("common_passwords.txt")

_argon2id = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=46 * 1024, parallelism=1),))
# Two at a time: each takes 46 MiB and a core, and patients write on the same machine.
_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


def check(password: str, email: str) -> None:
    """Raise `Invalid` for a password that is too short, too long or easily guessed."""
    if len(password) < SHORTEST:
        raise Invalid("error.password.short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("error.password.long", longest=LONGEST)
    folded = password.casefold().strip()
    account, _, _ = email.partition("@")
    own = {email.casefold(), account.casefold()}
    if folded in own or folded in _common() or len(set(folded)) < FEWEST_DIFFERENT:
        raise Invalid("error.password.common")


async def hashed(password: str) -> str:
    """Return the password as argon2id keeps it."""
    return await asyncio.get_running_loop().run_in_executor(_workers, _argon2id.hash, password)


async def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password fits; without a kept one it takes as long, and never fits."""
    loop = asyncio.get_running_loop()
    against = kept if kept is not None else await loop.run_in_executor(_workers, _nobodys)
    # Longer ones were never accepted, and must not buy the attacker more work here.
    given = password[: LONGEST + 1]
    verified = loop.run_in_executor(_workers, lambda: _argon2id.verify(given, against))
    return await verified and kept is not None


@cache
def _nobodys() -> str:
    return _argon2id.hash(secrets.token_urlsafe())


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip())
