"""What a patient's words mean, as values: pure functions, no I/O, no clock."""

from bot.understanding.understand import understand
from bot.understanding.understood import Understood

__all__ = ["Understood", "understand"]
