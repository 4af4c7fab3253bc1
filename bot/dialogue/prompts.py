"""What stands open now, said again: after a side trip, a restart, or an old button."""

from bot.dialogue import appointments, details, offers
from bot.dialogue.actions import FIND, LIST, button
from bot.dialogue.asking import ask
from bot.dialogue.details import IDLE_CHOICES
from bot.dialogue.intake import forward, search
from bot.dialogue.known import Known
from bot.dialogue.state import DETAILS, State, step
from bot.dialogue.step import Reply, Step
from bot.dialogue.wishes import PreviewCancel


def prompt(state: State, known: Known) -> Step:
    """Put the current question again, whatever it is; never without a next step."""
    if state.at in DETAILS:
        return details.put(state, known)
    if state.at == "confirm_cancel" and state.cancelling:
        return step(state, wishes=(PreviewCancel(state.cancelling),))
    if state.at == "pick" and state.listed:
        return step(state, appointments.pick(state, known))
    said = {
        "ask": lambda: step(state, ask(state, known)),
        "offers": lambda: offers.again(state, known),
        "searching": lambda: search(state, known),
        "nothing": lambda: step(state, offers.nothing(state, known)),
        "change": lambda: offers.change_menu(state, known),
        "cancelled": lambda: step(state, appointments.after_cancel(state)),
        "wait_contact": lambda: step(state, details.ask_contact("dialogue.ask.wait_contact")),
    }
    if state.at in said:
        return said[state.at]()
    if state.at == "consent":
        return step(state, notice(known)) if not known.consented else forward(state, known)
    return step(state.with_(at="idle", back=None), idle(state))


def notice(known: Known) -> Reply:
    """Say what is stored, and ask for consent by one button."""
    url = known.network.privacy_url
    said = {"emergency": known.network.emergency_number} | ({"url": url} if url else {})
    return Reply(
        "dialogue.notice_with_link" if url else "dialogue.notice",
        said,
        choices=(
            button("consent", "dialogue.button.consent"),
            button("stored", "dialogue.button.stored"),
        ),
    )


def idle(state: State) -> Reply:
    """Say what can be done when nothing is open."""
    if state.booked:
        return Reply("dialogue.idle.booked", choices=IDLE_CHOICES)
    key = "dialogue.idle.waiting" if state.waiting else "dialogue.idle.plain"
    return Reply(key, choices=(FIND, LIST))
