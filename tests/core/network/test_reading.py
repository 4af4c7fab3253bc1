"""Every mistake in a network's files is named with its file, its place and what would be right."""

from operator import itemgetter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core import texts
from core.errors import Misconfigured
from core.network.files import load
from core.network.reading import NETWORKS, read, shipped

MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text(encoding="utf-8"))


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text, f"{before!r} does not stand in {file} any more"
    (folder / file).write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("name", shipped())
def test_every_network_that_ships_can_be_read(name):
    assert read(NETWORKS / name).name == name


@pytest.mark.parametrize("mistake", MISTAKES["form"] + MISTAKES["sense"], ids=itemgetter("told"))
def test_a_mistake_is_named_with_its_place_and_what_is_right(folder, complaints, mistake):
    spoil(folder, mistake["file"], mistake["change"], mistake["into"])
    told = complaints()
    assert any(line.startswith(mistake["told"]) for line in told), told


@pytest.mark.parametrize("group", MISTAKES)
def test_mistakes_in_several_files_are_told_at_once(folder, complaints, group):
    one_a_file = {mistake["file"]: mistake for mistake in MISTAKES[group]}.values()
    for mistake in one_a_file:
        spoil(folder, mistake["file"], mistake["change"], mistake["into"])
    told = complaints()
    for mistake in one_a_file:
        assert any(line.startswith(mistake["told"]) for line in told), told


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"sites:\n  - {code: a\nb: [\n", "sites.yaml: line 3: this is not YAML that can be read"),
        (b"sites: []\nsites: []\n", "sites.yaml: line 2: 'sites' stands twice in the same place"),
        (
            b"sites:\n  - code: a\n    lat: 1\n    code: b\n",
            "sites.yaml: line 4: 'code' stands twice in the same place",
        ),
        (b"sites: &all []\nmore: *all\n", "sites.yaml: line 2: this is not YAML"),
        (b"sites: !!python/object/apply:os.getcwd []\n", "sites.yaml: line 1: this is not YAML"),
        (b"sites: !!int x\n", "sites.yaml: line 1: this is not YAML"),
        (b"sites: " + b"[" * 5000, "sites.yaml: line 1: this is not YAML"),
        (b"? [a]\n: b\n", "sites.yaml: line 1: this is not YAML"),
        ("sites: [Köln]".encode("latin-1"), "sites.yaml: the file is not saved as UTF-8"),
        (b"- sites\n", "sites.yaml: entries of the form 'name: value' belong here"),
        (b"", "sites.yaml: 'sites' is missing"),
        (b"zone: Europe/Paris\nsites: []\n", "sites.yaml: 'zone' stands in network.yaml too"),
        (b"sites: []\ncodes: {}\n", "sites.yaml: codes: codes stand in codes.yaml, by group"),
    ],
)
def test_a_broken_file_is_named_with_its_line(folder, complaints, content, line):
    (folder / "sites.yaml").write_bytes(content)
    told = complaints()
    assert any(said.startswith(line) for said in told), told


@given(
    content=st.binary() | st.text("ab:- \n{}[],&*!?|>#'\"%@0~").map(str.encode),
)
def test_no_file_whatever_is_more_than_a_problem(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    problems = []
    assert isinstance(load(file, problems), dict)
    assert all(problem.in_words("de") for problem in problems)


def test_a_folder_without_a_network_is_refused(tmp_path):
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path)
    assert "there is no network.yaml here" in str(refused.value.data["problems"][0])


def test_a_problem_can_be_told_in_every_language_that_ships(folder):
    spoil(folder, "services.yaml", "policy: speech", "policy: x")
    with pytest.raises(Misconfigured) as refused:
        read(folder)
    [problem] = refused.value.data["problems"]
    told = {problem.in_words(language) for language in texts.languages()}
    assert len(told) == len(texts.languages())
    assert all("services.yaml: services[1].policy" in line for line in told)


def test_values_that_yaml_would_change_stay_as_they_were_written(folder):
    spoil(folder, "network.yaml", '"18:00"', "18:00")
    spoil(folder, "sites.yaml", '"53111"', "05311")
    spoil(folder, "sites.yaml", "{de: Praxis Beuel, en: Beuel practice}", "{de: No, en: 1e3}")
    network = read(folder)
    assert network.hours[1].closes.isoformat() == "18:00:00"
    assert network.sites[0].postcode == "05311"
    assert network.sites[2].labels == {"de": "No", "en": "1e3"}


@pytest.mark.parametrize("origin", ["https://www.praxis.example", "http://localhost:8000"])
def test_an_origin_that_may_show_the_chat_is_taken(folder, origin):
    spoil(folder, "network.yaml", "rules:", f"embed_origins: ['{origin}']\nrules:")
    assert read(folder).embed_origins == (origin,)
