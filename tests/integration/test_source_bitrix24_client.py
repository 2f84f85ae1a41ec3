"""A portal is read whole, at its own pace, whatever it answers, and its URL stays unsaid."""

import json
import logging
import traceback
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.sources.bitrix24 import client
from orchestration.sources.bitrix24.client import Command, Portal
from orchestration.sources.bitrix24.faults import Fault, PortalError, PortalUnreachableError
from orchestration.sources.bitrix24.paging import (
    Listing,
    pages_by_id,
    pages_by_offset,
    results_of,
)
from tests.fixtures.bitrix24_portal import (
    STAND_IN,
    TOKEN,
    WITHOUT_STAND_IN,
    StandIn,
    open_stand_in,
)

pytestmark = pytest.mark.skipif(not STAND_IN.is_file(), reason=WITHOUT_STAND_IN)

LEADS = Listing("crm.lead.list", {"select": ["*", "UF_*", "PHONE", "EMAIL", "IM"]})
ITEMS = Listing("crm.item.list", {"entityTypeId": 1}, id_key="id", path=("items",))
FAULTS = ["500", "html", "502", "429", "503", "truncated", "reset", "empty", "redirect", "login"]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with open_stand_in(700) as stand_in:
        yield stand_in


def ids(stand_in: StandIn, listing: Listing = LEADS) -> list[int]:
    portal = stand_in.portal()
    return [int(row[listing.id_key]) for page in pages_by_id(portal, listing) for row in page]


def there(stand_in: StandIn) -> list[int]:
    return list(stand_in.server.store.leads)


@pytest.mark.parametrize("listing", [LEADS, ITEMS], ids=["crm.lead.list", "crm.item.list"])
@pytest.mark.parametrize("overflow", ["first", "empty"])
@pytest.mark.parametrize("leads", [0, 1, 49, 50, 51, 100, 700])
def test_every_row_comes_once_in_the_order_of_ids(
    listing: Listing, overflow: str, leads: int
) -> None:
    with open_stand_in(leads, overflow=overflow) as stand_in:
        assert ids(stand_in, listing) == there(stand_in)


def test_many_pages_are_asked_for_in_one_request(stand_in: StandIn) -> None:
    ids(stand_in)
    # 14 full pages and the empty one behind them, in chains of 1, 4 and 16.
    assert stand_in.server.stats["http"] == 3


def test_the_more_there_is_the_more_is_asked_for_at_once() -> None:
    with open_stand_in(10_000) as stand_in:
        assert ids(stand_in) == there(stand_in)
        # 201 pages in chains of 1, 4, 16 and 50: two hundred thousand rows are 83 requests, which
        # the portal lets pass in twenty seconds.
        assert stand_in.server.stats["http"] == 7


def test_rows_deleted_while_they_are_read_take_no_others_with_them(stand_in: StandIn) -> None:
    seen: list[int] = []
    deleted = set()
    for page in pages_by_id(stand_in.portal(), LEADS):
        seen += [int(row["ID"]) for row in page]
        for lead_id in seen[:30]:
            if lead_id in stand_in.server.store.leads:
                stand_in.server.delete_lead(lead_id)
                deleted.add(lead_id)
    assert seen == sorted({*there(stand_in), *deleted})


def test_a_filter_with_an_operator_reaches_the_portal(stand_in: StandIn) -> None:
    newest = max(row["DATE_MODIFY"] for row in stand_in.server.store.leads.values())
    changed = Listing(LEADS.method, LEADS.params, {">=DATE_MODIFY": newest})
    assert len(ids(stand_in, changed)) == 1
    query = Command("crm.lead.list", {"filter": {">=DATE_MODIFY": "x", "@ID": [1, 2]}}).as_query()
    assert query == (
        "crm.lead.list?filter%5B%3E%3DDATE_MODIFY%5D=x&filter%5B%40ID%5D%5B0%5D=1"
        "&filter%5B%40ID%5D%5B1%5D=2"
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_changes_nothing(fault: str) -> None:
    with open_stand_in(700, faults=[(2, fault)]) as stand_in:
        assert ids(stand_in) == there(stand_in)
        assert stand_in.server.stats[f"fault_{fault}"] == 1
        assert stand_in.waited


def test_three_faults_in_ten_change_nothing() -> None:
    with open_stand_in(2_000, fault_rate=0.3) as stand_in:
        assert ids(stand_in) == there(stand_in)


def test_a_portal_that_hangs_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_TIMEOUT", httpx.Timeout(0.3))
    with open_stand_in(60, faults=[(1, "hang")], hang=1.0) as stand_in:
        assert ids(stand_in) == there(stand_in)


def test_a_connection_waits_five_seconds_and_an_answer_little_more_than_the_portal_does() -> None:
    assert httpx.Timeout(65, connect=5) == client._TIMEOUT


def test_the_bucket_of_the_portal_does_not_overflow(stand_in: StandIn) -> None:
    portal = stand_in.portal()
    for _ in range(120):
        portal.call("server.time")
    assert stand_in.server.stats["503"] == 0
    # 45 at once, and two a second from then on.
    assert sum(stand_in.waited) == pytest.approx((120 - 45) / 2, rel=0.05)


def test_a_bucket_that_others_filled_is_waited_for(stand_in: StandIn) -> None:
    stand_in.server._level = 200.0
    assert ids(stand_in) == there(stand_in)
    assert stand_in.server.stats["503"] > 0


def test_a_method_without_time_left_is_waited_for_until_the_portal_says_so() -> None:
    # One page takes 10 s of the 30 s that the method has in ten minutes, so a chain breaks off.
    with open_stand_in(700, op_limit=30.0, op_cost=10.0) as stand_in:
        assert ids(stand_in) == there(stand_in)
        long_waits = [seconds for seconds in stand_in.waited if seconds > 100]
        assert long_waits
        assert all(seconds <= 660 for seconds in long_waits)
        # Asked again only once the block had ended: no wait was in vain.
        assert all(status == 200 for _, _, status in stand_in.server.log)


def test_ids_that_do_not_rise_are_an_error(stand_in: StandIn) -> None:
    # The old methods drop a filter that they do not know, without a word.
    unknown = Listing(LEADS.method, LEADS.params, id_key="TITLE")
    with pytest.raises(PortalError, match="ids of the list do not rise"):
        list(pages_by_id(stand_in.portal(), unknown))


def test_a_fault_inside_a_batch_is_never_taken_for_the_end(stand_in: StandIn) -> None:
    with pytest.raises(PortalError, match=r"crm\.leads\.list \(ERROR_METHOD_NOT_FOUND"):
        list(pages_by_id(stand_in.portal(), Listing("crm.leads.list")))
    results = dict(
        results_of(
            stand_in.portal(),
            {"a": Command("server.time"), "b": Command("crm.lead.get", {"id": 1_000_000})},
        )
    )
    assert isinstance(results["a"], str)
    assert results["b"] == Fault("", "Not found")


def test_offsets_end_with_a_page_that_repeats() -> None:
    with open_stand_in(100, overflow="first") as stand_in:
        pages = list(pages_by_offset(stand_in.portal(), Listing("crm.lead.list")))
    assert [len(page) for page in pages] == [50, 50]
    assert all(int(a["ID"]) < int(b["ID"]) for page in pages for a, b in pairwise(page))


@pytest.mark.parametrize(
    ("spoil", "code", "advice"),
    [
        ({"expired": True}, "expired_token", "the webhook has expired"),
        ({"token": "another"}, "INVALID_CREDENTIALS", "revoked"),
        ({"scope": ("user",)}, "insufficient_scope", "lacks a right"),
    ],
)
def test_what_asking_again_cannot_mend_is_told_at_once(
    stand_in: StandIn, spoil: dict[str, Any], code: str, advice: str
) -> None:
    for name, value in spoil.items():
        setattr(stand_in.server, name, value)
    with pytest.raises(PortalError, match=advice) as caught:
        stand_in.portal().call("crm.lead.list")
    assert caught.value.fault.code == code
    assert stand_in.server.stats["http"] == 1
    assert_unsaid(caught.value)


@pytest.mark.parametrize("fault", [*FAULTS, "refused"])
def test_a_portal_that_never_answers_is_told_without_its_url(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with open_stand_in(1, faults=[(number, fault) for number in range(1, 100)]) as stand_in:
        if fault == "refused":
            stand_in.server.httpd.server_close()
        with pytest.raises(PortalUnreachableError) as caught:
            stand_in.portal().call("crm.lead.list")
    assert_unsaid(caught.value)
    assert TOKEN not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_what_the_portal_says_of_its_own_url_is_not_repeated(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"error": "X", "error_description": f"{stand_in.url} is no place, {TOKEN} neither"}
    content = json.dumps(answer).encode()
    monkeypatch.setattr(
        httpx.Client, "post", lambda *_args, **_kwargs: httpx.Response(400, content=content)
    )
    with pytest.raises(PortalError, match="is no place") as caught:
        stand_in.portal().call("crm.lead.list")
    assert_unsaid(caught.value)


@pytest.mark.parametrize(
    "webhook", [f"https://x.bitrix24.ru/{TOKEN}", f"x.bitrix24.ru/rest/1/{TOKEN}/", TOKEN, " "]
)
def test_what_is_no_webhook_is_refused_without_showing_it(webhook: str) -> None:
    with pytest.raises(ActionableError, match=r"https://<portal>/rest/<user>/<code>/") as caught:
        Portal("salon", SecretStr(webhook))
    assert_unsaid(caught.value)


@pytest.mark.parametrize("behind", ["", "/", "/crm.contact.get.json?ID=42", "/profile"])
def test_a_webhook_may_be_given_as_the_portal_shows_it(stand_in: StandIn, behind: str) -> None:
    webhook = SecretStr(stand_in.url.rstrip("/") + behind)
    assert Portal("salon", webhook).call("crm.settings.mode.get").result == 1


def assert_unsaid(error: BaseException) -> None:
    """No text of the error, of what it came from or of its attributes has the secret."""
    told = "".join(traceback.format_exception(error))
    assert TOKEN not in told
    assert "127.0.0.1" not in told
    chain: list[BaseException] = [error]
    while chain[-1].__cause__ or chain[-1].__context__:
        chain.append(chain[-1].__cause__ or chain[-1].__context__)  # type: ignore[arg-type]
    assert not any(isinstance(each, httpx.HTTPError) for each in chain)
    assert TOKEN not in repr([vars(each) for each in chain])
