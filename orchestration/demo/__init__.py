"""An invented landing zone whose truth is known, for looking around and for testing."""

from orchestration.demo.generating import demo_people, demo_truth, write_demo
from orchestration.demo.totals import BusinessTotals, business_totals
from orchestration.demo.truth import DemoTruth, LeadTruth, Person, SessionTruth

__all__ = [
    "BusinessTotals",
    "DemoTruth",
    "LeadTruth",
    "Person",
    "SessionTruth",
    "business_totals",
    "demo_people",
    "demo_truth",
    "write_demo",
]
