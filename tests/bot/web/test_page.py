"""The patient's page without a server: what stands in the HTML before any script has run."""

import json
import re
from html.parser import HTMLParser

import pytest

from bot.web import pages
from core import texts
from core.network.schema import Network

LANGUAGES = ("de", "en")
STATIC = pages.STATIC
VOID = {"link", "meta", "input", "br", "img", "hr"}


class Outline(HTMLParser):
    """Every element with its attributes, its text, and the scripts' contents by type."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[dict[str, str]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._open: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = {name: value or "" for name, value in attrs} | {"<": tag, "text": ""}
        self.elements.append(element)
        if tag == "script":
            self.scripts.append((element, ""))
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        while self._open and self._open.pop()["<"] != tag:
            pass

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [element for element in self.elements if element["<"] == tag]

    def one(self, name: str) -> dict[str, str]:
        return next(element for element in self.elements if element.get("id") == name)


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def outline(language: str, demo_network: Network) -> Outline:
    return Outline(pages.page(language, demo_network))


def settings_of(outline: Outline) -> dict:
    return json.loads(outline.one("settings")["text"])


def test_the_page_is_in_the_language_that_was_asked_for(outline, language, demo_network):
    assert outline.all("html")[0]["lang"] == language
    assert outline.one("network")["text"] == demo_network.titles[language]
    assert outline.one("now-button")["text"] == texts.say(language, "page.now")


def test_an_unknown_language_gives_the_first_of_the_network(demo_network):
    assert Outline(pages.page("xx", demo_network)).all("html")[0]["lang"] == "de"


def test_nothing_inline_so_that_a_strict_policy_holds(outline):
    for element in outline.elements:
        assert "style" not in element, element
        assert not [name for name in element if name.startswith("on")], element
    assert not outline.all("style")
    for script in outline.all("script"):
        assert script.get("src") or script["type"] == "application/json"


def test_nothing_is_loaded_from_elsewhere(outline):
    loaded = [
        e.get("src") or e["href"]
        for e in outline.all("script") + outline.all("link")
        if "src" in e or "href" in e
    ]
    assert len(loaded) > 10
    assert all(address.startswith("/chat/static/") for address in loaded)


def test_every_file_that_the_page_loads_exists(outline):
    for element in outline.all("script") + outline.all("link"):
        address = element.get("src") or element.get("href")
        if address:
            assert (STATIC / address.removeprefix("/chat/static/")).is_file(), address


def test_every_control_has_a_name_that_can_be_read_aloud(outline):
    labelled = {label.get("for") for label in outline.all("label")}
    for button in outline.all("button") + outline.all("a"):
        assert button["text"].strip() or button.get("aria-label"), button
    for field in outline.all("textarea") + outline.all("input"):
        assert field["id"] in labelled, field


def test_what_is_named_by_id_is_there(outline):
    ids = {element["id"] for element in outline.elements if "id" in element}
    for element in outline.elements:
        for name in ("for", "aria-controls", "aria-describedby", "aria-labelledby"):
            assert set(element.get(name, "").split()) <= ids, element
        if element.get("href", "").startswith("#"):
            assert element["href"][1:] in ids


def test_the_emergency_number_stands_first_and_works_without_script(outline, demo_network):
    calls = [a["href"] for a in outline.all("a") if a.get("href", "").startswith("tel:")]
    assert calls[0] == "tel:112"
    assert "tel:08001110111" in calls
    assert outline.one("now-button")["href"] == "#now"


def test_a_line_that_nobody_checked_is_not_shown(demo_network):
    unchecked = [line for line in demo_network.crisis_lines if line.checked is None]
    assert unchecked
    html = pages.page("de", demo_network)
    assert not [line.number for line in unchecked if line.number and line.number in html]


def test_the_lines_are_there_in_every_language_with_their_hours(outline, demo_network):
    for language in LANGUAGES:
        lines = settings_of(outline)["languages"][language]["lines"]
        assert len(lines) >= 3
        assert all(line["hours"] for line in lines)
    youth = next(line for line in lines if line["tel"] == "116111")
    assert youth["openings"] == [{"days": [0, 1, 2, 3, 4, 5], "opens": "14:00", "closes": "20:00"}]


def test_every_text_that_the_page_and_its_scripts_name_exists(language, outline):
    known = set(settings_of(outline)["languages"][language]["texts"])
    html = (pages.HERE / "page.html").read_text()
    scripts = "".join(path.read_text() for path in STATIC.glob("*.js"))
    named = set(re.findall(r'data-(?:text|label|hint)="([a-z_]+)"', html))
    named |= set(re.findall(r'\bsay\("([a-z_]+)"', scripts))
    named |= set(re.findall(r'\btell\("(code_[a-z_]+)"', scripts))
    named |= {f"menu_{name}" for name in pages.MENU}
    assert named <= known, named - known


def test_no_text_of_the_page_stands_in_the_catalogue_for_nothing(language):
    code = "".join(
        path.read_text()
        for path in [*STATIC.glob("*.js"), *pages.HERE.glob("*.html"), *pages.HERE.glob("*.py")]
    )
    computed = ("menu_", "now_", "from_", "widget_", "bye_")
    for key in texts.keys(language):
        name = key.removeprefix("page.")
        if key.startswith("page.") and not name.startswith(computed):
            assert re.search(rf"\b{name}\b", code), key


def test_what_only_the_browser_knows_stays_a_placeholder(outline, language, demo_network):
    said = settings_of(outline)["languages"][language]["texts"]
    assert "{n}" in said["left"]
    assert "{time}" in said["until"]
    assert demo_network.phone in said["unavailable"]
    assert demo_network.emergency_number in said["notice_screen"]


def test_a_title_full_of_markup_stays_text(demo_network):
    title = "<script>alert(1)</script></script>"
    network = demo_network.model_copy(update={"titles": {"de": title, "en": title}})
    html = pages.page("de", network)
    assert "<script>alert" not in html
    assert settings_of(Outline(html))["languages"]["de"]["network"] == title


def test_every_address_carries_the_base_path(demo_network):
    outline = Outline(pages.page("de", demo_network, "/bonn"))
    addresses = [e.get("src") or e.get("href") or "" for e in outline.elements]
    assert not [address for address in addresses if address.startswith("/chat")]
    assert settings_of(outline)["base"] == "/bonn"
    assert outline.one("leave")["href"] == "/bonn/chat/bye"


def test_leaving_quickly_goes_where_the_operator_says(demo_network):
    outline = Outline(pages.page("de", demo_network, leave_to="https://wetter.example"))
    assert outline.one("leave")["href"] == "https://wetter.example"


def test_the_page_after_leaving_tells_nothing(language, demo_network):
    html = pages.bye(language)
    assert "chat" not in html.lower()
    assert demo_network.titles[language] not in html


def test_the_title_does_not_tell_what_kind_of_help_it_is(outline, language):
    assert outline.all("title")[0]["text"] == texts.say(language, "page.title")


def test_the_widget_carries_its_words_and_remembers_nothing(demo_network):
    script = pages.widget(demo_network)
    assert "PASSUNG_SETTINGS" not in script
    for language in LANGUAGES:
        assert texts.say(language, "page.widget_open") in script
    for kept in ("localStorage", "sessionStorage", "cookie", "indexedDB"):
        assert kept not in script


def test_scripts_never_read_text_as_markup_and_store_nothing():
    forbidden = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "document.write",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
    )
    for path in [*STATIC.glob("*.js"), pages.HERE / "widget.js"]:
        assert not [word for word in forbidden if word in path.read_text()], path.name
        assert len(path.read_text().splitlines()) <= 300
