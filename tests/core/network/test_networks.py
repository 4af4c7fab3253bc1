"""The networks that ship say the same in their fields and in their words."""

import pytest

from core.network.reading import NETWORKS, read, shipped
from core.network.table import text_of
from core.network.therapists import parse


@pytest.fixture(scope="module", params=shipped())
def network(request):
    return read(NETWORKS / request.param)


def test_the_rules_in_words_name_the_fee_and_the_notice_of_the_fields(network):
    for policy in network.policies:
        notice = policy.notice_hours or f"{policy.notice_day_before_at:%H:%M}"
        for language, words in policy.texts.items():
            fee = f"{policy.fee:f}"
            assert (fee if language == "en" else fee.replace(".", ",")) in words, policy.code
            assert str(notice) in words, policy.code
            assert str(policy.free_below_age) in words, policy.code


def test_every_service_asks_at_most_six_questions(network):
    for service in network.services:
        assert len(service.questions) <= 6, service.code


def test_the_emergency_number_is_among_the_lines_that_were_checked(network):
    checked = {line.number for line in network.crisis_lines if line.checked}
    assert network.emergency_number in checked


def test_a_number_that_nobody_compared_with_its_source_is_marked(demo):
    unchecked = [line.code for line in demo.crisis_lines if line.checked is None]
    assert unchecked == ["violence_women"]


def test_speech_therapy_asks_for_no_method(demo):
    fields = [question.field for question in demo.service("speech_therapy").questions]
    assert "modality" not in fields


def test_the_same_code_reads_another_country_by_configuration_alone():
    finland = read(NETWORKS / "lansi")
    assert (finland.country, finland.zone) == ("FI", "Europe/Helsinki")
    assert {"public", "referral", "self"} == {code.code for code in finland.codes["funding"]}
    assert [service.code for service in finland.services] == [
        "speech_therapy",
        "physiotherapy",
        "occupational_therapy",
    ]


def test_the_demo_therapists_can_all_be_read_and_cover_what_the_network_offers(demo):
    rows, problems = parse(text_of((NETWORKS / "demo" / "therapists.csv").read_bytes()), demo)
    assert [str(problem) for problem in problems] == []
    assert len(rows) == 24
    for service in demo.services:
        here = [row for row in rows if service.code in row.services]
        assert {age for row in here for age in row.age_groups} >= set(service.age_groups)
        treated = {code for row in here for code in row.concerns}
        asked = {code for q in service.questions if q.field == "concern" for code in q.codes}
        assert treated >= asked - {"other"}, service.code
    settings = {hours.setting for row in rows for hours in row.hours}
    assert settings == {"individual", "group", "couple", "family"}
