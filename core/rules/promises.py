"""What the office may promise: whether it is open, and by when somebody answers."""

from datetime import datetime

from core.network.schema import Network
from core.rules import hours
from core.rules.walltime import holidays_of


def open_at(network: Network, moment: datetime) -> bool:
    """Tell whether the booking office is open; on public holidays of its place it is not."""
    closed = holidays_of(network.country, network.subdivision)
    return hours.open_at(network.hours, moment, network.zone, closed)


def answer_by(network: Network, moment: datetime) -> datetime | None:
    """Return until when (UTC) whoever asks at `moment` is answered; None if nobody can say."""
    closed = holidays_of(network.country, network.subdivision)
    minutes = network.rules.human_answers_within_minutes
    return hours.due_within_hours(network.hours, moment, minutes, network.zone, closed)
