"""What a network means survives being written to files and read again."""

import json
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network.reading import NETWORKS, read
from core.network.schema import Code, Network, Opening, Policy, Rules, Site, SlotKind

LANGUAGES = ("de", "en")
DEMO = read(NETWORKS / "demo")

words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12) | (
    st.sampled_from(
        ["no", "null", "~", "14:00", "007", "1e3", "{a: b}", "- x", "# x", "Ä ö", "'\""]
    )
)
labels = st.fixed_dictionaries({language: words for language in LANGUAGES})
names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)


@st.composite
def weeks(draw):
    """Openings that do not overlap: an early and a late one on different days or not."""
    noon = draw(st.integers(60, 1380))
    opens, closes = draw(st.integers(0, noon - 1)), draw(st.integers(noon + 1, 1439))
    early, late = draw(
        st.tuples(*[st.sets(st.sampled_from(["mon", "tue", "sun"]), min_size=1)] * 2)
    )
    at = [time(minute // 60, minute % 60) for minute in (opens, noon, closes)]
    return (
        Opening(days=tuple(sorted(early)), opens=at[0], closes=at[1]),
        Opening(days=tuple(sorted(late)), opens=at[1], closes=at[2]),
    )


@st.composite
def policies(draw, code, version):
    field, value = draw(
        st.sampled_from(
            [("notice_hours", 48), ("notice_working_days", 2), ("notice_day_before_at", time(16))]
        )
    )
    return Policy(
        code=code,
        version=version,
        valid_from=date(2026, 1, 1) + timedelta(days=version),
        fee=draw(st.decimals(0, 999, places=2)),
        free_below_age=draw(st.none() | st.integers(0, 120)),
        texts=draw(labels),
        **{field: value},
    )


@st.composite
def networks(draw):
    """The demo network with other hours, sites, rules, lengths, policies and codes of its own."""
    sites = tuple(
        Site(
            code=code,
            labels=draw(labels),
            street=draw(words),
            postcode=draw(words),
            municipality=draw(words),
            lat=draw(st.floats(-90, 90)),
            lon=draw(st.floats(-180, 180)),
            step_free=draw(st.booleans()),
            directions=draw(labels | st.just({})),
        )
        for code in draw(st.sets(names, max_size=3))
    )
    kind = SlotKind(
        code="first_visit",
        labels=draw(labels),
        minutes=draw(st.integers(5, 480)),
        seats=draw(st.integers(1, 30)),
        opens_place=draw(st.booleans()),
    )
    ours = Code(code="own_code", labels={"de": "Eigener Code", "en": "own code"})
    return DEMO.model_copy(
        update={
            "titles": draw(labels),
            "hours": draw(weeks()),
            "sites": sites,
            "rules": Rules(hold_minutes=draw(st.integers(2, 60))),
            "services": tuple(s.model_copy(update={"kinds": (kind,)}) for s in DEMO.services),
            "policies": tuple(
                draw(policies(code, version))
                for code in ("psychotherapy", "speech")
                for version in range(1, draw(st.integers(2, 4)))
            ),
            "codes": DEMO.codes | {"concern": (*DEMO.codes["concern"], ours)},
            "embed_origins": tuple(draw(st.sets(st.just("https://a.example"), max_size=1))),
        }
    )


def write(network: Network, folder: Path) -> None:
    raw = json.loads(network.model_dump_json())
    codes = {
        group: {code.pop("code"): code for code in members}
        for group, members in raw.pop("codes").items()
    }
    codes["funding"] |= {"public": None, "referral": None}
    # Words are added to those that ship, so only what the network adds is written.
    codes["concern"] = {"own_code": codes["concern"]["own_code"]}
    added = {group: codes[group] for group in ("concern", "funding")}
    for group in added.values():
        for code in group.values():
            if code and code["labels"]["de"] != "Eigener Code":
                code.pop("synonyms")
    for name, content in {"network": raw, "codes": added}.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))


@settings(max_examples=40, deadline=None)
@given(networks())
def test_a_network_that_is_written_and_read_again_is_the_same(network):
    with TemporaryDirectory() as folder:
        write(network, Path(folder))
        assert read(Path(folder)) == network
    stored = json.loads(json.dumps(network.model_dump(mode="json")))
    assert Network.model_validate(stored) == network


def test_the_fee_keeps_its_cents():
    assert read(NETWORKS / "lansi").policies[0].fee == Decimal("73.70")
