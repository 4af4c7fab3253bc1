"""What buttons mean, and how to read a meaning that may be anything."""

from typing import Any

from bot.dialogue.step import Action, Choice


def button(do: str, key: str, /, **details: Any) -> Choice:
    """Return a button whose label is a text key without arguments."""
    return Choice({"do": do} | details, key)


def labelled(do: str, label: str, /, **details: Any) -> Choice:
    """Return a button whose label stands already."""
    return Choice({"do": do} | details, label=label)


def told(action: Action | None, name: str) -> str:
    """Return a detail of an action as text, empty when it is missing or of another kind."""
    value = action.get(name) if isinstance(action, dict) else None
    return value if isinstance(value, str) else ""


HUMAN = button("human", "dialogue.button.human")
ANOTHER = button("another", "dialogue.button.another")
LIST = button("list", "dialogue.button.list")
CANCEL = button("cancel", "dialogue.button.cancel")
MOVE = button("move", "dialogue.button.move")
WAIT = button("wait", "dialogue.button.wait")
CHANGE = button("change_menu", "dialogue.button.change")
RESUME = button("resume", "dialogue.button.resume")
FIND = button("find", "dialogue.button.find")
