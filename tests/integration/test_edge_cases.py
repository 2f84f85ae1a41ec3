"""Every edge case that the contract lists (KPIS.md, section 8) has a dbt unit test of its own."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.integration.golden.edge_cases import EDGE_CASES

UNIT_TESTS = Path(__file__).parents[1] / "unit"
PROVED_BY: Mapping[str, str] = {
    "no bot reply": "a_session_nobody_answered_has_no_response_time",
    "handoff before any reply": (
        "the_clock_of_a_person_starts_at_the_handoff_or_at_t0_where_no_bot_took_part"
    ),
    "handoff nobody takes": "every_qualified_session_has_the_first_outcome_that_holds",
    "operator without handoff event": (
        "the_type_of_a_handoff_is_planned_before_requested_before_bot_failed_before_took_over"
    ),
    "bot and operator in the same second": (
        "bot_and_operator_in_the_same_second_answer_in_that_order"
    ),
    "several leads in one session": (
        "several_leads_make_one_converted_session_and_a_deleted_one_makes_none"
    ),
    "one lead and several sessions": (
        "of_several_sessions_the_last_that_began_before_the_lead_is_found"
    ),
    "lead without session id": (
        "an_identity_finds_a_session_from_its_first_customer_message_to_the_end_of_the_window"
    ),
    "lead before the session": (
        "a_lead_is_matched_by_its_session_id_and_never_if_it_was_there_before_the_session"
    ),
    "merged lead": "a_merged_lead_counts_once_at_the_earliest_creation",
    "deleted lead": "several_leads_make_one_converted_session_and_a_deleted_one_makes_none",
    "messages out of order": "messages_out_of_order_stand_in_the_order_they_were_sent",
    "duplicate delivery": "a_message_delivered_twice_is_one_message",
    "edited message": "an_edited_message_keeps_the_first_time_and_takes_the_last_text",
    "late record after the session closed": "a_late_record_after_the_session_closed_opens_its_own",
    "late record that joins two sessions": "a_late_record_between_two_sessions_joins_them",
    "late record that splits none": "a_late_record_inside_a_session_splits_none_and_renames_none",
    "a gap exactly at the limit": "a_gap_exactly_at_the_limit_does_not_open_a_session",
    "midnight": "neither_midnight_nor_the_end_of_a_month_splits_a_session",
    "month end": "neither_midnight_nor_the_end_of_a_month_splits_a_session",
    "clock change of 23 hours": "a_day_of_23_hours_begins_and_ends_at_local_midnight",
    "clock change of 25 hours": "a_day_of_25_hours_has_one_hour_twice",
    "daypart edges": "a_daypart_holds_its_first_second_and_not_its_last",
    "reopened next day with only thanks": "only_the_same_person_with_a_request_comes_back",
    "staff users": "staff_and_test_users_are_those_that_the_business_lists",
    "test users": "staff_and_test_users_are_those_that_the_business_lists",
    "operator only": "every_qualified_session_has_the_first_outcome_that_holds",
    "silent broadcast": (
        "the_kind_of_a_session_follows_from_who_wrote_first_and_whether_the_customer_wrote"
    ),
    "auto-reply out of hours": "automatic_replies_and_broadcasts_do_not_stop_the_clock",
    "voice only": (
        "only_free_text_of_the_customer_with_a_prediction_is_classifiable_no_voice_or_photo"
    ),
    "photo only": (
        "only_free_text_of_the_customer_with_a_prediction_is_classifiable_no_voice_or_photo"
    ),
    "one person in two channels": (
        "two_people_on_one_phone_are_ambiguous_and_one_person_in_two_channels_is_not"
    ),
    "two people on one phone": (
        "two_people_on_one_phone_are_ambiguous_and_one_person_in_two_channels_is_not"
    ),
    "variant changed in the middle": (
        "the_first_exposure_decides_the_arm_even_if_the_variant_changed_in_the_middle"
    ),
    "survey answered twice": "a_survey_answered_twice_counts_the_last_answer",
    "period still maturing": (
        "a_period_still_maturing_says_how_much_of_it_is_final_and_is_compared_once_most_of_it_is"
    ),
    "zero denominators": "nothing_to_divide_by_gives_null_and_an_empty_period_counts_zero_sessions",
    "agent writes first": "an_agent_who_writes_first_opens_the_session_that_the_customer_joins",
}


@pytest.fixture(scope="module")
def unit_tests() -> set[str]:
    return {
        test["name"]
        for path in UNIT_TESTS.glob("*.yml")
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]
    }


def test_every_edge_case_is_proved_by_a_unit_test(unit_tests: set[str]) -> None:
    assert set(EDGE_CASES) == set(PROVED_BY)
    assert set(PROVED_BY.values()) - unit_tests == set()
