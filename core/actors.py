"""Who acts: every operation that changes something takes `by=` one of these."""

from dataclasses import dataclass

from core.models import Staff


@dataclass(frozen=True)
class Actor:
    """`kind` is staff, patient or system; `staff` is set for staff only."""

    kind: str
    staff: Staff | None = None


SYSTEM = Actor("system")
PATIENT = Actor("patient")


def of_staff(staff: Staff) -> Actor:
    return Actor("staff", staff)
