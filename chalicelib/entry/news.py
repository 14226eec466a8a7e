"""What webhooks may be told of a change of the table: rows as the stream shows them, into news.

Reads keys, states and ids alone; what people wrote is never looked at. A change's id and the
number of its news name the news, so that a change told twice is told as one.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec

from chalicelib.domain.ids import TenantId
from chalicelib.domain.sequences.figures import LEFT
from chalicelib.domain.sequences.ledger import passed
from chalicelib.domain.webhooks.news import News, Topic
from chalicelib.storage import keys, lean

Image = Mapping[str, Mapping[str, Any]]
"""A row as the stream shows it; a vendor's shape."""
Told = tuple[Topic, dict[str, object]]

MOST_IN_A_MESSAGE: Final = 25
"""Each is held against forty webhooks at most: a thousand small writes, well within a minute."""


def messages_of(
    changes: Iterable[tuple[str, Image | None, Image | None]], *, now: datetime
) -> dict[TenantId, list[str]]:
    """Return messages for `webhook`, by tenant: some news together."""
    news_by_tenant: dict[str, list[News]] = {}
    for change_id, old, new in changes:
        row = new or old or {}
        owner = row["pk"]["S"].split("#")
        if owner[0] == "t":
            told = news_of(change_id, old, new, now=now)
            news_by_tenant.setdefault(owner[1], []).extend(told)
    return {
        TenantId(tenant): [
            msgspec.json.encode(
                {"t": tenant, "news": news[start : start + MOST_IN_A_MESSAGE]}
            ).decode()
            for start in range(0, len(news), MOST_IN_A_MESSAGE)
        ]
        for tenant, news in news_by_tenant.items()
        if news
    }


def news_of(
    change_id: str, old: Image | None, new: Image | None, *, now: datetime
) -> Iterator[News]:
    """Yield what happened, by one change of one row."""
    if new is None:
        return  # what goes for good was deleted long before
    read = _reader_of(new["pk"]["S"], new["sk"]["S"])
    for number, (topic, data) in enumerate(read(old, new) if read else ()):
        yield News(id=f"{change_id}-{number}", topic=topic, at=now, data=data)


def _reader_of(pk: str, sk: str) -> Callable[[Image | None, Image], Iterator[Told]] | None:
    match pk.split("#")[2:3], sk.partition("#")[0]:
        case ["item"], keys.HEAD:
            return _of_item
        case ["sequence"], keys.SEQUENCE:
            return _of_sequence
        case ["thread"], keys.HEAD:
            return _of_thread
        case ["enrollment"], keys.HEAD:
            return _of_enrollment
        case ["enrollment"], "did":
            return _of_history
        case ["enrollment"], "ledger":
            return _of_mail
        case _:
            return None


def _of_item(old: Image | None, new: Image) -> Iterator[Told]:
    data: dict[str, object] = {
        "item": {"kind": new["kind"]["S"], "id": new["item_id"]["S"]},
        "status": _text(new, "status"),
        "stage": _text(new, "stage"),
        "owner_id": _text(new, "owner_id"),
    }
    if old is None:
        yield Topic.ITEM_CREATED, data
        return
    if _version(old) == _version(new):
        return  # a mark of ours on the row, no change of the item
    was, now = _text(old, "status"), data["status"]
    if was != now and "deleted" in {was, now}:
        yield (Topic.ITEM_DELETED if now == "deleted" else Topic.ITEM_RESTORED), data
        return
    changed = {
        name: _text(old, name)
        for name in ("status", "stage", "owner_id")
        if _text(old, name) != data[name]
    }
    yield Topic.ITEM_UPDATED, data
    for name, before in changed.items():
        yield _TOPIC_BY_FIELD[name], {**data, "before": before}


_TOPIC_BY_FIELD: Final[Mapping[str, Topic]] = MappingProxyType(
    {
        "status": Topic.ITEM_STATUS_CHANGED,
        "stage": Topic.ITEM_STAGE_CHANGED,
        "owner_id": Topic.ITEM_OWNER_CHANGED,
    }
)


def _of_sequence(old: Image | None, new: Image) -> Iterator[Told]:
    data: dict[str, object] = {
        "sequence_id": _last(new),
        "item_kind": _text(new, "item_kind"),
        "status": _text(new, "status"),
        "owner_id": _text(new, "owner_id"),
        "flow_version": int(new["flow_version"]["N"]) if "flow_version" in new else None,
    }
    if old is None:
        yield Topic.SEQUENCE_CREATED, data
        return
    was, now = _text(old, "status"), _text(new, "status")
    if was == now:
        is_published = old.get("flow_version") != new.get("flow_version")
        yield (Topic.SEQUENCE_PUBLISHED if is_published else Topic.SEQUENCE_UPDATED), data
    elif (was, now) == ("paused", "active"):
        yield Topic.SEQUENCE_RESUMED, data
    elif now in _TOPIC_BY_STATUS:
        yield _TOPIC_BY_STATUS[now], data


_TOPIC_BY_STATUS: Final[Mapping[str | None, Topic]] = MappingProxyType(
    {
        "active": Topic.SEQUENCE_ACTIVATED,
        "paused": Topic.SEQUENCE_PAUSED,
        "inactive": Topic.SEQUENCE_DEACTIVATED,
        "deleted": Topic.SEQUENCE_DELETED,
    }
)


def _of_enrollment(old: Image | None, new: Image) -> Iterator[Told]:
    if "rest" not in new:
        return
    rest = lean.read(new["rest"]["S"])
    was, now = _text(old or {}, "status"), _text(new, "status")
    data = {
        "enrollment_id": _last(new),
        "sequence_id": _text(new, "sequence_id"),
        "item": rest["item"],
        "owner_id": rest.get("owner_id"),
        "status": now,
        "reason": rest.get("reason"),
        "outcome": rest.get("outcome"),
        "step_id": rest.get("step_id"),
    }
    if old is None:
        yield Topic.ENROLLED, data
    elif was == "paused" and now in {"active", "pending"}:
        yield Topic.RESUMED, data
    elif was != now and now in _TOPIC_BY_STANDING:
        yield _TOPIC_BY_STANDING[now], data


_TOPIC_BY_STANDING: Final[Mapping[str | None, Topic]] = MappingProxyType(
    {
        "paused": Topic.PAUSED,
        "completed": Topic.COMPLETED,
        "exited": Topic.EXITED,
        "failed": Topic.FAILED,
    }
)


def _of_history(old: Image | None, new: Image) -> Iterator[Told]:
    if old is not None:
        return
    known = {"enrollment_id": _last(new), "sequence_id": _text(new, "sequence_id")}
    for line in json.loads(new["lines"]["S"]):
        data = {**known, **{name: line.get(name) for name in ("step_id", "type", "state")}}
        if line["type"] == "reply" and line["state"] == "received":
            yield Topic.REPLIED, data
        elif "step_id" in line and line["state"] in LEFT and line["type"] != "end":
            yield Topic.STEP_DONE, data


def _of_mail(old: Image | None, new: Image) -> Iterator[Told]:
    """Yield what became of a step's mail: a click proves a delivery too."""
    if "status" not in new:
        return
    what = json.loads(new["what"]["S"])
    data = {
        "enrollment_id": _last(new),
        "sequence_id": what.get("sequence_id"),
        "step_id": new["sk"]["S"].partition("#")[2],
    }
    before = (_text(old, "status") if old else None) or "queued"
    for rung in passed(before, new["status"]["S"]):
        topic = f"mail.{rung.value}"
        if topic in _MAIL_TOPICS:
            yield Topic(topic), data


_MAIL_TOPICS: Final = frozenset(topic.value for topic in Topic if topic.startswith("mail."))


def _of_thread(old: Image | None, new: Image) -> Iterator[Told]:
    item = _linked(new)
    data: dict[str, object] = {
        "thread_id": _last(new),
        "owner_id": _text(new, "owner_id"),
        "item": item,
        "enrollment_id": _text(new, "enrollment_id"),
    }
    was: Image = old or {}
    if old is None:
        yield Topic.THREAD_CREATED, data
    if "merged_into" in new and "merged_into" not in was:
        yield Topic.THREAD_MERGED, {**data, "merged_into": _text(new, "merged_into")}
        return
    if _number(new, "received") > _number(was, "received"):
        yield Topic.THREAD_RECEIVED, data
    if set(new.get("sent", {}).get("SS", ())) - set(was.get("sent", {}).get("SS", ())):
        yield Topic.THREAD_SENT, data
    if item != _linked(was):
        yield (Topic.THREAD_UNLINKED if item is None else Topic.THREAD_LINKED), data


def _linked(image: Image) -> object:
    return json.loads(image["link"]["S"]).get("item") if "link" in image else None


def _version(image: Image) -> object:
    return image.get("version", {}).get("N")


def _last(image: Image) -> str:
    return str(image["pk"]["S"].rpartition("#")[2])


def _text(image: Image, name: str) -> str | None:
    return image[name].get("S") if name in image else None


def _number(image: Image, name: str) -> int:
    return int(image.get(name, {}).get("N", 0))
