"""A folder of YAML files becomes a network, or a list of all that is wrong in it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import Misconfigured
from core.network.codes import merged
from core.network.consistency import inconsistencies
from core.network.files import load
from core.network.problems import Location, Problem, in_our_words, path_of
from core.network.schema import Network

NETWORKS = Path(__file__).parents[1] / "networks"
CODES = "codes.yaml"
_HOME = {name: f"{name}.yaml" for name in ("services", "sites", "policies", "crisis_lines")}


def shipped() -> tuple[str, ...]:
    """Return the names of the networks that ship."""
    return tuple(sorted(path.parent.name for path in NETWORKS.glob("*/network.yaml")))


def read(directory: Path) -> Network:
    """Return the network that a folder describes.

    Every `*.yaml` counts, each key in one of them; `codes.yaml` adds to the codes that ship.
    Raises Misconfigured with `problems`, a list of `Problem`: first those of form, all at
    once, and when the form is right those of sense, all at once.
    """
    problems: list[Problem] = []
    raw, home = _gathered(directory, problems)
    own = load(directory / CODES, problems) if (directory / CODES).is_file() else {}
    raw["codes"], services = merged(_ships(), own, problems)
    _fill_services(raw.get("services"), services)
    network: Network | None = None
    try:
        network = Network.model_validate(raw)
    except ValidationError as wrong:
        found = [in_our_words(error) for error in wrong.errors()]
        problems += [_placed(*one, raw=raw, home=home) for one in found]
    if network is not None and not problems:
        problems += [_placed(*one, raw=raw, home=home) for one in inconsistencies(network)]
    if problems or network is None:
        raise Misconfigured("error.network_invalid", problems=problems)
    return network


@cache
def _ships() -> dict[str, Any]:
    problems: list[Problem] = []
    codes = load(NETWORKS / CODES, problems)
    if problems:
        raise Misconfigured("error.network_invalid", problems=problems)
    return codes


def _gathered(directory: Path, problems: list[Problem]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return all keys of the folder's files, and in which file each key stands."""
    raw: dict[str, Any] = {}
    home: dict[str, str] = {}
    if not (directory / "network.yaml").is_file():
        where = Problem(str(directory), "", "error.network.no_such_folder")
        raise Misconfigured("error.network_invalid", problems=[where])
    for path in sorted(directory.glob("*.yaml")):
        if path.name == CODES:
            continue
        for name, value in load(path, problems).items():
            if name in home:
                other = {"name": name, "other": home[name]}
                problems.append(Problem(path.name, "", "error.network.in_two_files", other))
            raw[name], home[name] = value, path.name
    if "codes" in raw:
        problems.append(Problem(home["codes"], "codes", "error.network.codes_elsewhere"))
    return raw, home


def _fill_services(services: Any, known: dict[str, Any]) -> None:
    """A service with the code of a shipped one has its labels, and its words besides its own."""
    for service in services if isinstance(services, list) else ():
        if not isinstance(service, dict) or service.get("code") not in known:
            continue
        base = known[service["code"]]
        service.setdefault("labels", base["labels"])
        own = service.setdefault("synonyms", {})
        if isinstance(own, dict):
            for language, words in base["synonyms"].items():
                if isinstance(given := own.get(language, []), list):
                    own[language] = list(dict.fromkeys([*words, *given]))


def _placed(
    place: Location,
    key: str,
    data: Mapping[str, object],
    *,
    raw: dict[str, Any],
    home: dict[str, str],
) -> Problem:
    """Say in which file a place stands; codes go by their names, for people never count them."""
    if place[:1] == ("codes",):
        if len(place) > 2 and isinstance(place[2], int):
            code = raw["codes"][place[1]][place[2]]["code"]
            place = (place[1], code, *place[3:])
        else:
            place = place[1:]
        return Problem(CODES, path_of(place), key, data)
    name = str(place[0]) if place else str(data.get("name", ""))
    return Problem(home.get(name, _HOME.get(name, "network.yaml")), path_of(place), key, data)
