"""Signing in to the office: server-side sessions that end, and the first admin of a new house.

The browser holds a random token; only its hash is kept. The CSRF token is derived from the
session's token, so that a page can show it and the table holds no more than its hash.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from core import audit, clock, db, limits, passwords, staff
from core.actors import SYSTEM, Actor, of_staff
from core.errors import Conflict, NotAllowed
from core.keys import keys
from core.limits import Limit
from core.models import Staff, StaffSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is known; finer would cost a write for each page."""

# An office shares one address: the narrow limit guards one account, the wide one all of them.
WRONG_PASSWORDS = Limit("sign_in", most=5, within=timedelta(minutes=15))
WRONG_FROM_ADDRESS = Limit("sign_in_address", most=30, within=timedelta(minutes=15))
WRONG_CODES = Limit("first_run", most=10, within=timedelta(minutes=15))

FIRST_RUN_LOCK = 7_462_002
_CODE_BYTES = 10
_GROUP = 4


@dataclass(frozen=True)
class SignedIn:
    """Who is here: the member of staff, the session, and the CSRF token of its pages."""

    staff: Staff
    session: StaffSession
    csrf: str

    @property
    def actor(self) -> Actor:
        return of_staff(self.staff)


async def sign_in(email: str, password: str, address: str) -> tuple[str, SignedIn]:
    """Return a new session's token and who it is.

    Raises `NotAllowed` with the same key, after the same work, for an unknown account, a disabled
    one and a wrong password, and `TooMany` with `seconds` after too many tries.
    """
    email, network = email.strip().lower()[:254], network_of(address)
    wide = await limits.take(WRONG_FROM_ADDRESS, network)
    narrow = await limits.take(WRONG_PASSWORDS, f"{email}\0{network}")
    person = await Staff.get_or_none(email=email, active=True)
    if not await passwords.fits(password, person.password_hash if person else None) or not person:
        raise NotAllowed("error.sign_in")
    await limits.give_back(wide)
    await limits.give_back(narrow)
    return await _open(person)


async def who(token: str, *, awake: bool = True) -> SignedIn | None:
    """Return who a token belongs to, None once its session has ended.

    `awake` is false for what a page asks for by itself: it must not keep a session open.
    """
    session = await StaffSession.filter(token_hash=_hash(token), ended_at=None).first()
    if session is None or not _lasts(session):
        return None
    person = await Staff.get_or_none(id=session.staff_id, active=True)
    if person is None:
        return None
    if awake and clock.now() - session.seen_at >= SEEN_EVERY:
        await StaffSession.filter(id=session.id).update(seen_at=clock.now())
    return SignedIn(person, session, _csrf_of(token))


def csrf_fits(here: SignedIn, given: str) -> bool:
    """Tell whether a form's CSRF token is the one of this session."""
    return hmac.compare_digest(here.session.csrf, _hash(given))


async def sign_out(here: SignedIn) -> None:
    """End this session."""
    async with db.transaction():
        await StaffSession.filter(id=here.session.id, ended_at=None).update(ended_at=clock.now())
        await audit.record("staff.sign_out", by=here.actor, row=here.staff)


async def end_others(here: SignedIn) -> int:
    """End all other sessions of the same person; return how many."""
    now = clock.now()
    living = StaffSession.filter(
        staff=here.staff, ended_at=None, seen_at__gt=now - IDLE, created_at__gt=now - ABSOLUTE
    )
    others = living.exclude(id=here.session.id)
    async with db.transaction():
        ended = await others.update(ended_at=now)
        await audit.record("staff.end_others", by=here.actor, row=here.staff, ended=ended)
    return ended


def first_run_code() -> str:
    """Return the set-up code of this key file, for whoever started the server to read."""
    code = base64.b32encode(keys().derived("first run")[:_CODE_BYTES]).decode()
    return "-".join(code[n : n + _GROUP] for n in range(0, len(code), _GROUP))


async def is_first_run() -> bool:
    """Tell whether nobody works here yet."""
    return not await Staff.all().exists()


async def set_up(
    code: str, email: str, name: str, password: str, language: str, address: str
) -> tuple[str, SignedIn]:
    """Add the first admin, who may also read, and sign them in.

    Raises `NotAllowed` for a wrong code, `Invalid` for what does not fit, `TooMany`, and
    `Conflict` when somebody else was first.
    """
    attempt = await limits.take(WRONG_CODES, network_of(address))
    if not hmac.compare_digest(_plain(code), _plain(first_run_code())):
        raise NotAllowed("error.first_run_code")
    await limits.give_back(attempt)
    async with db.transaction():
        # SQLite has the write lock from the start; two at once elsewhere wait here for another.
        if db.is_postgres():
            await db.connection().execute_query(
                "SELECT pg_advisory_xact_lock($1)", [FIRST_RUN_LOCK]
            )
        if not await is_first_run():
            raise Conflict("error.first_run_over")
        roles = ("admin", "assistant")
        person = await staff.add(email, name, roles, password, language, by=SYSTEM)
        return await _open(person)


def network_of(address: str) -> str:
    """Return the network that counts as one place: a /24, or a /64 of version 6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{known}/{24 if known.version == 4 else 64}", strict=False))


async def _open(person: Staff) -> tuple[str, SignedIn]:
    token, now = secrets.token_urlsafe(32), clock.now()
    csrf = _csrf_of(token)
    async with db.transaction():
        session = await StaffSession.create(
            staff=person, token_hash=_hash(token), csrf=_hash(csrf), created_at=now, seen_at=now
        )
        await audit.record("staff.sign_in", by=of_staff(person), row=person)
    return token, SignedIn(person, session, csrf)


def _lasts(session: StaffSession) -> bool:
    now = clock.now()
    return now - session.seen_at < IDLE and now - session.created_at < ABSOLUTE


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _csrf_of(token: str) -> str:
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def _plain(code: str) -> bytes:
    return "".join(c for c in code.upper() if c.isalnum()).encode()
