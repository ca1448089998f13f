"""What the bot has on record of its own messages, held against a second computation of what it had to tell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.services.outbox import NoticeRecord
from prep_bot.simulation.expectation.history import GROUP
from prep_bot.simulation.expectation.table import Expected

BEYOND_THE_TABLE = frozenset(
    {
        NoticeKind.POSTPONED,
        NoticeKind.ANNOUNCEMENT,
        NoticeKind.UNREACHABLE,
        NoticeKind.RELINKED,
        NoticeKind.PETITION,
        NoticeKind.PETITION_MAJORITY,
        NoticeKind.CERTIFICATE,
        NoticeKind.QUORUM_RISK,
    }
)
"""What people ask for or cause, and no calendar foresees."""

PROMPT = timedelta(minutes=1)
"""How soon a message goes out: a fault on the way may cost some seconds."""


class Comparison:
    """Each occasion of the calendar of messages is on record once, as what became of it, and so is nothing else."""

    def __init__(
        self, expected: Sequence[Expected], notices: Sequence[NoticeRecord], sent: Mapping[str, datetime]
    ) -> None:
        """Compare; `sent` is when the first message with each cause reached its chat, as the log has it."""
        self.missing: list[str] = []
        """What had to be told and is not on record."""
        self.unforeseen: list[str] = []
        """What is on record as told and had not to be."""
        self.otherwise: list[str] = []
        """What became of an occasion is not what should have."""
        told = [n for n in notices if n.kind not in BEYOND_THE_TABLE and n.state is not NoticeState.CANCELLED]
        found = {_occasion(notice): notice for notice in told}
        counted = Counter(map(_occasion, told))
        wanted = Counter(expected)
        self.missing += [_named(each) for each in (wanted - counted).elements()]
        self.unforeseen += [found[each].cause for each in (counted - wanted).elements()]
        for each in expected:
            if each in found:
                self.otherwise += _differing(each, found[each], sent.get(found[each].cause))


def _occasion(notice: NoticeRecord) -> Expected:
    subject = notice.data.get("month") or notice.data.get("deadline") or str(notice.meeting)
    whole_list = bool(notice.data.get("list"))
    return Expected(notice.due_at, notice.kind, notice.recipient or GROUP, subject, whole_list=whole_list)


def _differing(expected: Expected, notice: NoticeRecord, sent: datetime | None) -> Iterator[str]:
    state = NoticeState.FAILED
    if not expected.in_time:
        state = NoticeState.EXPIRED
    elif expected.reached:
        state = NoticeState.SENT
    if notice.state is not state:
        yield f"{notice.cause} is {notice.state}, and should be {state}"
    seen_at = expected.seen_at or expected.at
    if state is NoticeState.SENT and sent is not None and not seen_at <= sent <= seen_at + PROMPT:
        yield f"{notice.cause} was told at {sent:%Y-%m-%d %H:%M}, and should have been at {seen_at:%Y-%m-%d %H:%M}"


def _named(expected: Expected) -> str:
    return f"{expected.kind} of {expected.at:%Y-%m-%d %H:%M} to {expected.recipient} about {expected.subject}"
