"""Passung's own command line with a clock that a signal moves: SIGUSR1 lets half an hour pass.

The product has no switch for that. `python -m tests.journeys.later run` is the server of the
journeys.
"""

import signal
import sys
from datetime import timedelta

import passung
from core import clock

STEP = timedelta(minutes=30)


def _pass(*_: object) -> None:
    clock.pass_time(STEP)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _pass)
    sys.exit(passung.main(sys.argv[1:]))
