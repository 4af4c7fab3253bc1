"""Who works here: added, changed and disabled by an admin or on the command line."""

import re
from collections.abc import Iterable

from tortoise.exceptions import IntegrityError

from core import audit, clock, db, handoff, passwords, texts
from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.models import Staff, StaffSession
from core.permissions import ROLES, is_admin, require_admin

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


async def add(
    email: str, name: str, roles: Iterable[str], password: str, language: str, by: Actor
) -> Staff:
    """Add a member of staff.

    Raises `NotAllowed` unless an admin or the system acts, `Invalid` naming what does not fit,
    and `Conflict` when the address is known.
    """
    require_admin(by)
    email, name, wanted = email.strip().lower(), " ".join(name.split()), sorted(set(roles))
    _check(email, name, wanted, language)
    passwords.check(password, email)
    kept = await passwords.hashed(password)
    try:
        async with db.transaction():
            staff = await Staff.create(
                email=email,
                name=name,
                roles=wanted,
                password_hash=kept,
                language=language,
                created_at=clock.now(),
            )
            await audit.record("staff.add", by=by, row=staff, roles=wanted)
    except IntegrityError:
        raise Conflict("error.staff.known_email") from None
    return staff


async def disable(public_id: str, *, by: Actor) -> Staff:
    """End somebody's access at once; their conversations wait for a colleague again.

    Raises `NotFound`, `NotAllowed`, and `Conflict` for the last admin.
    """
    require_admin(by)
    async with db.transaction():
        # Two admins who disable each other at once must not both succeed: lock them all, yet not
        # against rows that name them, or this and a take-over could wait in a circle.
        everybody = await Staff.all().order_by("id").select_for_update(no_key=True)
        staff = next((s for s in everybody if s.public_id == public_id), None)
        if staff is None:
            raise NotFound("error.not_found")
        if by.staff is not None and not any(s.id == by.staff.id and s.active for s in everybody):
            raise NotAllowed("error.not_allowed")
        if is_admin(staff) and sum(map(is_admin, everybody)) == 1:
            raise Conflict("error.staff.last_admin")
        staff.active = False
        await staff.save(update_fields=["active"])
        await _end_sessions(staff)
        await handoff.release(staff, by=by)
        await audit.record("staff.disable", by=by, row=staff)
    return staff


async def set_password(public_id: str, password: str, *, by: Actor) -> None:
    """Give a new password and end all sessions; the person themself or an admin may.

    Raises `NotFound`, `NotAllowed` and `Invalid`.
    """
    if by.staff is None or by.staff.public_id != public_id:
        require_admin(by)
    staff = await Staff.get_or_none(public_id=public_id)
    if staff is None:
        raise NotFound("error.not_found")
    passwords.check(password, staff.email)
    staff.password_hash = await passwords.hashed(password)
    async with db.transaction():
        await staff.save(update_fields=["password_hash"])
        await _end_sessions(staff)
        await audit.record("staff.set_password", by=by, row=staff)


async def set_language(staff: Staff, language: str, *, by: Actor) -> None:
    """Choose the language of the office for oneself; raises `Invalid` for one that is not here."""
    if language not in texts.languages():
        raise Invalid("error.staff.language")
    staff.language = language
    async with db.transaction():
        await staff.save(update_fields=["language"])
        await audit.record("staff.set_language", by=by, row=staff, language=language)


async def everybody() -> list[Staff]:
    """Return all members of staff by name, those who left included."""
    return await Staff.all().order_by("name", "id")


async def _end_sessions(staff: Staff) -> None:
    await StaffSession.filter(staff=staff, ended_at=None).update(ended_at=clock.now())


def _check(email: str, name: str, roles: list[str], language: str) -> None:
    if len(email) > 254 or not _ADDRESS.fullmatch(email):
        raise Invalid("error.staff.email")
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise Invalid("error.staff.name")
    if not roles or not set(roles) <= set(ROLES):
        raise Invalid("error.staff.roles", allowed=", ".join(ROLES))
    if language not in texts.languages():
        raise Invalid("error.staff.language")
