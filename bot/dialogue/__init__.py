"""The dialogue: state and what was said become replies and wishes. Pure: no I/O, no clock."""

from bot.dialogue.known import Known
from bot.dialogue.respond import respond, tell

__all__ = ["Known", "respond", "tell"]
