"""Who may read and write a conversation of the web chat: sessions, and codes that reopen it.

A session's token and a return code are secrets of the patient: only their hashes are kept.
"""

import secrets
import unicodedata
from datetime import datetime, timedelta
from hashlib import sha256

from core import audit, clock, db, limits, wake
from core.actors import PATIENT
from core.errors import Invalid, NotFound
from core.keys import blind
from core.limits import Limit
from core.models import ChatSession, Conversation, ReturnCode

TOKEN_BYTES = 32
TOKEN_LENGTH = 43
IDLE = timedelta(days=7)
ABSOLUTE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=10)
"""How exactly a session's last use is known; finer would cost a write for each read."""

# A hospital or a school shares one address: generous for those who begin, strict for guessers.
NEW_SESSIONS = Limit("chat_session", most=60, within=timedelta(hours=1))
WRONG_CODES = Limit("return_code", most=10, within=timedelta(hours=1), altogether=500)

# Crockford's base 32: no letter is taken for a digit, and no code spells a word with U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
CODE_LENGTH = 12
GROUP = 4


async def count_new_session(address: str) -> None:
    """Count one new session from an address; raises `TooMany` with `seconds`."""
    await limits.take(NEW_SESSIONS, address)


async def open_session(conversation: Conversation) -> str:
    """Return a new token that gives access to a conversation."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    await ChatSession.create(
        token_hash=_hash(token), conversation=conversation, created_at=now, seen_at=now
    )
    return token


async def find(token: str) -> Conversation | None:
    """Return the conversation that a token gives access to, its person loaded; None if ended."""
    if len(token) != TOKEN_LENGTH:
        return None
    session = (
        await ChatSession.filter(token_hash=_hash(token), ended_at=None)
        .select_related("conversation__person")
        .first()
    )
    if session is None or not _lasts(session.created_at, session.seen_at):
        return None
    if clock.now() - session.seen_at >= SEEN_EVERY:
        await ChatSession.filter(id=session.id).update(seen_at=clock.now())
    conversation: Conversation = session.conversation
    return conversation


async def newest_seq(token: str) -> int | None:
    """Return the last sequence of a token's conversation; None once the session has ended."""
    found = (
        await ChatSession.filter(token_hash=_hash(token), ended_at=None)
        .first()
        .values("created_at", "seen_at", "conversation__seq")
    )
    if not found or not _lasts(found["created_at"], found["seen_at"]):
        return None
    return int(found["conversation__seq"])


async def end(token: str) -> None:
    """End a session at once; the pages that it has open hear of it."""
    async with db.transaction():
        session = await ChatSession.get_or_none(token_hash=_hash(token), ended_at=None)
        if session is None:
            return
        await ChatSession.filter(id=session.id).update(ended_at=clock.now())
        conversation = await Conversation.get(id=session.conversation_id)
        await wake.announce(f"conversation:{conversation.public_id}")


async def new_return_code(conversation: Conversation) -> str:
    """Return a new code, `XXXX-XXXX-XXXX`, that reopens a conversation; shown once."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    await ReturnCode.create(
        code_index=blind("return_code", code), conversation=conversation, created_at=clock.now()
    )
    return "-".join(code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


async def redeem(code: str, address: str) -> Conversation:
    """Return the conversation that a code reopens, from any device and as often as needed.

    Case, blanks and dashes do not matter. Raises `Invalid` for what cannot be a code, `NotFound`
    for an unknown one, and `TooMany` with `seconds` after many wrong ones.
    """
    index = blind("return_code", plain_code(code))
    attempt = await limits.take(WRONG_CODES, address)
    row = (
        await ReturnCode.filter(code_index=index, ended_at=None)
        .select_related("conversation__person")
        .first()
    )
    if row is None or row.conversation.person.erased_at is not None:
        raise NotFound("error.return_code_unknown")
    await limits.give_back(attempt)
    conversation: Conversation = row.conversation
    await audit.record("chat.reopened", by=PATIENT, row=conversation, person=conversation.person)
    return conversation


def plain_code(code: str) -> str:
    """Return a code as it is stored; raises `Invalid` for what cannot be one."""
    folded = unicodedata.normalize("NFKC", code).upper()
    plain = "".join(filter(str.isalnum, folded)).translate(_READ_AS)
    if len(plain) != CODE_LENGTH or not set(plain) <= set(ALPHABET):
        raise Invalid("error.return_code_shape")
    return plain


def _lasts(created_at: datetime, seen_at: datetime) -> bool:
    now = clock.now()
    return now - created_at < ABSOLUTE and now - seen_at < IDLE


def _hash(token: str) -> str:
    # The token has 256 random bits: a plain hash of it cannot be guessed back.
    return sha256(token.encode("utf-8", "replace")).hexdigest()
