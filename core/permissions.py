"""Who may do what in the office: one place that every operation for staff asks."""

from core.actors import Actor
from core.errors import NotAllowed
from core.models import Staff

ROLES = ("admin", "assistant", "clinician", "therapist")
READERS = frozenset({"assistant", "clinician"})
"""Those who may read what patients write. An admin alone sees counts and tasks."""


def may_read(staff: Staff) -> bool:
    """Tell whether this person may open conversations and lists with patients' names."""
    return staff.active and not READERS.isdisjoint(staff.roles)


def may_see_tasks(staff: Staff) -> bool:
    """Tell whether this person may see how much work is open."""
    return may_read(staff) or is_admin(staff)


def is_admin(staff: Staff) -> bool:
    return staff.active and "admin" in staff.roles


def reader(by: Actor) -> Staff:
    """Return the acting member of staff; raises `NotAllowed` unless they may read."""
    if by.staff is None or not may_read(by.staff):
        raise NotAllowed("error.not_allowed")
    return by.staff


def require_admin(by: Actor) -> None:
    """Raise `NotAllowed` unless an admin acts, or the system itself (the command line)."""
    if by.kind != "system" and (by.staff is None or not is_admin(by.staff)):
        raise NotAllowed("error.not_allowed")
