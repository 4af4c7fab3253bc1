"""Who fits whom, in which order: properties over any profiles and wishes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import ages, ranking
from core.rules.criteria import ANY, Criteria
from core.rules.matching import FreeSeat, Profile, at_wanted_time, dividing, misfits, part_of_day
from core.rules.ranking import Ranked, distance_km, rank, spread, with_earliest

CODES = {
    "service": ("psychotherapy", "speech_therapy"),
    "modality": ("cbt", "systemic"),
    "setting": ("individual", "group"),
    "format": ("onsite", "video"),
    "age_group": ("child", "adult"),
    "language": ("de", "tr"),
    "funding": ("statutory", "self"),
    "site": ("zentrum", "beuel"),
}
CONCERNS = ("anxiety", "trauma", "addiction")
ZONE = "Europe/Berlin"
START = datetime(2027, 3, 26, 6, tzinfo=UTC)

subsets = {kind: st.frozensets(st.sampled_from(codes)) for kind, codes in CODES.items()}
subsets |= {kind: st.frozensets(st.sampled_from(CONCERNS)) for kind in ("focus", "exclusion")}


@st.composite
def profiles(draw: st.DrawFn, id: int = 1) -> Profile:
    return Profile(
        id=id,
        public_id=f"public{id}",
        name=f"Therapist {id}",
        gender=draw(st.sampled_from(("female", "male", ""))),
        step_free=draw(st.booleans()),
        traits=draw(st.fixed_dictionaries(subsets)),
    )


@st.composite
def wishes(draw: st.DrawFn) -> Criteria:
    said = {kind: draw(st.sampled_from((None, ANY, *codes))) for kind, codes in CODES.items()}
    return Criteria(
        **said,
        concern=draw(st.sampled_from((None, *CONCERNS))),
        gender=draw(st.sampled_from((None, ANY, "female", "male"))),
        accessible=draw(st.booleans()),
        interpreter=draw(st.booleans()),
        weekdays=tuple(draw(st.sets(st.sampled_from(("mon", "fri", "sun"))))),
        parts=tuple(draw(st.sets(st.sampled_from(("morning", "evening"))))),
    )


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[FreeSeat], dict[int, Profile], dict[int, datetime]]:
    people = {n: draw(profiles(n)) for n in range(1, draw(st.integers(2, 5)))}
    minutes = st.integers(0, 10 * 24 * 60)
    seats = [
        FreeSeat(
            seat=number,
            therapist=draw(st.sampled_from(sorted(people))),
            starts_at=START + timedelta(minutes=draw(minutes)),
            setting="individual",
            format="onsite",
            site="zentrum",
            near_km=draw(st.sampled_from((None, 0.0, 80.0))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]
    offered = {n: START - timedelta(minutes=draw(minutes)) for n in people if draw(st.booleans())}
    return seats, people, offered


@given(wishes(), profiles())
def test_an_excluded_concern_never_fits(wish: Criteria, profile: Profile) -> None:
    excluded = profile.traits["exclusion"]
    assert ("concern" in misfits(wish, profile)) == (wish.concern in excluded)


@given(wishes(), profiles())
def test_a_fit_has_everything_that_was_asked_for(wish: Criteria, profile: Profile) -> None:
    wrong = misfits(wish, profile)
    for kind in CODES:
        code = getattr(wish, kind)
        lacks = code not in (None, ANY) and code not in profile.traits[kind]
        assert (kind in wrong) == (lacks and not (kind == "language" and wish.interpreter))
    assert ("gender" in wrong) == (wish.gender not in (None, ANY, profile.gender))
    stairs = wish.accessible and wish.format != "video" and not profile.step_free
    assert ("accessible" in wrong) == stairs


@given(wishes(), profiles(), st.sampled_from([*CODES, "gender"]))
def test_giving_a_wish_up_never_excludes_anybody(
    wish: Criteria, profile: Profile, name: str
) -> None:
    # A video visit has no stairs, so the format is more than a wish for who needs no steps.
    if name == "format":
        wish = replace(wish, accessible=False)
    assert misfits(replace(wish, **{name: ANY}), profile) <= misfits(wish, profile)


@given(wishes(), st.lists(profiles(), max_size=4))
def test_a_question_divides_only_where_fitting_therapists_differ(
    wish: Criteria, people: list[Profile]
) -> None:
    fitting = [one for one in people if not misfits(wish, one)]
    for name in dividing(wish, people):
        assert len({one.traits[name] for one in fitting}) > 1


@given(wishes(), rankings(), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_the_rows(wish, made, random) -> None:
    seats, people, offered = made
    mixed = random.sample(seats, len(seats))
    for order in (rank, lambda *given, **more: spread(rank(*given, **more), ZONE)):
        one = order(wish, seats, people, zone=ZONE, last_offered=offered)
        assert one == order(wish, mixed, people, zone=ZONE, last_offered=offered)
        assert sorted(row.free.seat for row in one) == [seat.seat for seat in seats]


@given(wishes(), rankings())
def test_wanted_times_come_first_and_then_variety(wish, made) -> None:
    seats, people, offered = made
    rows = spread(rank(wish, seats, people, zone=ZONE, last_offered=offered), ZONE)
    timely = {row.free.therapist for row in rows if row.rank[0] == 0}
    first = [row.free.therapist for row in rows[: len(timely)]]
    assert set(first) == timely and len(first) == len(set(first))
    if not wish.weekdays and not wish.parts:
        assert len(timely) == len({seat.therapist for seat in seats})


def free(seat: int, therapist: int, hours: float, **more: object) -> FreeSeat:
    starts = START + timedelta(hours=hours)
    return FreeSeat(seat, therapist, starts, "individual", "onsite", "zentrum", **more)


def person(id: int, **traits: frozenset[str]) -> Profile:
    return Profile(id, f"p{id}", f"T {id}", "female", True, traits)


def order(wish: Criteria, seats: list[FreeSeat], **more: object) -> list[int]:
    people = {n: person(n, focus=frozenset({"trauma"} if n == 2 else ())) for n in (1, 2, 3)}
    return [row.free.seat for row in rank(wish, seats, people, zone=ZONE, **more)]


def test_soft_criteria_weigh_in_their_documented_order() -> None:
    evening = Criteria(parts=("evening",), concern="trauma")
    assert order(evening, [free(1, 1, 2), free(2, 3, 12)]) == [2, 1]
    known = frozenset({3})
    assert order(Criteria(concern="trauma"), [free(1, 2, 2), free(2, 3, 50)]) == [1, 2]
    seats = [free(1, 2, 2), free(2, 3, 50)]
    assert order(Criteria(concern="trauma"), seats, known_therapists=known) == [2, 1]
    assert order(Criteria(concern="trauma"), [free(1, 1, 2), free(2, 2, 50)]) == [2, 1]
    assert order(Criteria(), [free(1, 1, 2, near_km=60), free(2, 2, 50, near_km=1)]) == [2, 1]
    assert order(Criteria(), [free(1, 1, 26), free(2, 2, 2)]) == [2, 1]


def test_on_one_day_who_was_proposed_longest_ago_or_never_comes_first() -> None:
    seats = [free(1, 1, 2), free(2, 2, 3), free(3, 3, 4)]
    offered = {1: START, 2: START - timedelta(hours=1)}
    assert order(Criteria(), seats, last_offered=offered) == [3, 2, 1]


def test_reasons_say_what_holds() -> None:
    profile = person(1, focus=frozenset({"trauma"}), language=frozenset({"fa"}))
    wish = Criteria(
        concern="trauma", language="fa", modality="cbt", weekdays=("fri",), parts=("morning",)
    )
    (row,) = rank(
        wish, [free(1, 1, 2, near_km=0)], {1: profile}, zone=ZONE, known_therapists=frozenset({1})
    )
    assert row.reasons == ("times", "same_therapist", "focus", "modality", "language", "near")
    (plain,) = rank(Criteria(), [free(1, 1, 2)], {1: person(1)}, zone=ZONE)
    assert plain.reasons == ()


def test_the_soonest_of_several_is_called_so() -> None:
    rows = [Ranked(free(1, 1, 9), ("focus",), ()), Ranked(free(2, 2, 3), (), ())]
    assert [row.reasons for row in with_earliest(rows)] == [("focus",), ("earliest",)]
    assert with_earliest(rows[:1]) == rows[:1]


@pytest.mark.parametrize(
    ("day", "said", "wanted"),
    [
        ("2027-03-28T11:59", {"weekdays": ("sun",), "parts": ("morning",)}, True),
        ("2027-03-28T12:00", {"parts": ("morning",)}, False),
        ("2027-03-28T16:59", {"parts": ("afternoon",)}, True),
        ("2027-03-28T17:00", {"parts": ("evening",)}, True),
        ("2027-03-28T17:00", {"weekdays": ("mon",)}, False),
        ("2027-03-28T17:00", {}, True),
    ],
)
def test_wanted_times_are_those_of_the_place(day: str, said: dict, wanted: bool) -> None:
    local = datetime.fromisoformat(day)
    assert at_wanted_time(Criteria(**said), local) is wanted
    assert part_of_day(local) in ("morning", "afternoon", "evening")


def test_distances_are_those_of_the_map() -> None:
    bonn, cologne = (50.7352, 7.1006), (50.9375, 6.9603)
    assert distance_km(bonn, cologne) == pytest.approx(24.6, abs=0.3)
    assert distance_km(bonn, bonn) == 0
    assert distance_km((0, 0), (0, 180)) == pytest.approx(ranking.EARTH_KM * 3.14159, rel=1e-4)


def test_ages_and_their_groups() -> None:
    born = datetime(2012, 2, 29).date()
    assert ages.age_on(born, datetime(2024, 2, 28).date()) == 11
    assert ages.age_on(born, datetime(2024, 2, 29).date()) == 12
    assert ages.age_on(born, datetime(2025, 2, 28).date()) == 12
    assert ages.age_on(born, datetime(2025, 3, 1).date()) == 13
    groups = [ages.group_of(age) for age in (0, 11, 12, 17, 18, 64, 65, 120)]
    assert groups == ["child", "child", "adolescent", "adolescent"] + ["adult"] * 2 + ["senior"] * 2
    with pytest.raises(ValueError, match="below 0"):
        ages.group_of(-1)


@given(wishes())
def test_criteria_survive_storage_and_unknown_fields_of_another_version(wish: Criteria) -> None:
    stored = wish.to_json()
    assert Criteria.from_json({**stored, "from_tomorrow": 1}) == wish
    assert all(value != getattr(Criteria(), name) for name, value in stored.items())
