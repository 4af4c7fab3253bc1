"""Questions about the house itself, answered at once; then what stood open goes on."""

from bot.dialogue import details, intake, offers
from bot.dialogue.known import Known
from bot.dialogue.prompts import prompt
from bot.dialogue.state import State, after
from bot.dialogue.step import Reply, Step
from bot.dialogue.wording import site_label
from core import texts

ASKED = ("cost", "how_long", "robot", "hours", "places")
"""The wishes that are questions of this kind."""
_OTHER_LETTERS = 0x250
"""From here on no letter is Latin."""


def tell(state: State, asked: str, known: Known) -> Step:
    """Answer a question about costs, waiting, who writes here, hours or places."""
    key = f"dialogue.about.{asked}"
    if asked == "how_long" and state.waiting:
        key = "dialogue.about.how_long_waiting"
    said = {"phone": known.network.phone, "places": _places(known)}
    return after((Reply(key, said),), prompt(state, known))


def _places(known: Known) -> str:
    return "\n".join(
        f"{site_label(known.network, site.code, known)}: "
        f"{site.street}, {site.postcode} {site.municipality}"
        for site in known.network.sites
    )


def other_script(text: str) -> bool:
    """Tell whether most letters of a text are of a script that no language here uses."""
    letters = [c for c in text if c.isalpha()]
    other = sum(ord(c) >= _OTHER_LETTERS for c in letters)
    return other * 2 > len(letters)


def languages(known: Known) -> dict[str, str]:
    """Return the languages that can be written here, each in its own name."""
    offered = [code for code in known.network.languages if code in texts.languages()]
    return {"languages": ", ".join(texts.say(code, "dialogue.language.name") for code in offered)}


def back(state: State, known: Known) -> Step:
    """Go one step back, to the question before; what is held stays held."""
    if state.at == "ask" and state.question in state.asked:
        before = state.asked[: state.asked.index(state.question)]
        again = intake.change(state, before[-1], known) if before else None
        return again or prompt(state, known)
    if state.at in ("offers", "nothing"):
        return offers.change_menu(state, known)
    if state.at in ("name", "change"):
        return prompt(state.with_(at="offers" if state.offer else "searching"), known)
    if state.at in ("birth_date", "age_check"):
        return details.put(state.with_(at="name", born_perhaps=None, tries=0), known)
    if state.at == "contact":
        return details.put(state.with_(at="birth_date", birth_date=None, tries=0), known)
    return prompt(state, known)
