"""The awkward cases, each told at least once."""

from orchestration.demo.cases_answers import ANSWER_CASES
from orchestration.demo.cases_broadcasts import BROADCAST_CASES
from orchestration.demo.cases_calendar import CALENDAR_CASES
from orchestration.demo.cases_handoffs import HANDOFF_CASES
from orchestration.demo.cases_leads import LEAD_CASES
from orchestration.demo.cases_messages import MESSAGE_CASES
from orchestration.demo.cases_people import PEOPLE_CASES
from orchestration.demo.cases_sessions import SESSION_CASES
from orchestration.demo.diary import Diary

CASES = (
    *ANSWER_CASES,
    *HANDOFF_CASES,
    *SESSION_CASES,
    *CALENDAR_CASES,
    *PEOPLE_CASES,
    *BROADCAST_CASES,
    *MESSAGE_CASES,
    *LEAD_CASES,
)


def tell_cases(diary: Diary) -> None:
    """Tell those that happen at the diary's business."""
    for case in CASES:
        if case.business_id == diary.business.business_id:
            case.tell(diary, case.name)
