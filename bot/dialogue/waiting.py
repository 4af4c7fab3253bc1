"""The waiting list of the office: a contact, then a place on it."""

from bot.dialogue import details
from bot.dialogue.actions import FIND, LIST
from bot.dialogue.appointments import wanted_again
from bot.dialogue.known import Known
from bot.dialogue.state import State, step
from bot.dialogue.step import Reply, Step
from bot.dialogue.wishes import Wait, Waiting


def begin(state: State) -> Step:
    """Go on the list; ask for a contact first where none is known."""
    if state.waiting:
        return step(state.with_(at="idle"), Reply("dialogue.waiting_already", choices=(FIND, LIST)))
    if state.at == "cancelled":
        state = state.with_(criteria=wanted_again(state))
    if state.email or state.phone or state.no_contact:
        return enlist(state)
    ask = details.ask_contact("dialogue.ask.wait_contact")
    return step(state.with_(at="wait_contact", offer=None, seat=None, tries=0), ask)


def enlist(state: State) -> Step:
    """Put the request on the list."""
    return step(state, wishes=(Wait(state.criteria, state.email, state.phone),))


def waiting(state: State, outcome: Waiting, known: Known) -> Step:
    """Say what happens next on the waiting list."""
    state = state.with_(at="idle", waiting=True, offer=None, seat=None, moving=None, tries=0)
    reached = "contact" if state.email or state.phone else "here"
    replies = [Reply(f"dialogue.waiting.{reached}")]
    if outcome.return_code:
        code = outcome.return_code
        replies.append(Reply("dialogue.return_code", {"code": code}, secret=code))
    return step(state, *replies, Reply("dialogue.idle.waiting", choices=(FIND, LIST)))
