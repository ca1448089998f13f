"""What the log tells of each person's notification."""

from datetime import UTC, datetime
from typing import Any

from prep_bot.domain.chain import ORIGIN, Entry
from prep_bot.domain.history import GROUP, Act, Happening, histories

AT = datetime(2022, 2, 5, 16, tzinfo=UTC)


def entry(sequence: int, act: str, actor: int | None = None, **details: Any) -> Entry:
    return Entry(sequence, "prep", AT, actor, act, "convocation:1", details, ORIGIN)


def test_each_act_is_told_of_whom_it_concerns() -> None:
    log = [
        entry(1, "meeting.convened", 9, convocation=1),
        entry(2, "notice.attempted", person=4, kind="convocation", attempt=1, outcome="uncertain", reason="dead"),
        entry(3, "notice.attempted", person=None, kind="convocation", attempt=1, outcome="accepted", reason=""),
        entry(4, "notice.unsent", person=5, kind="change", outcome="expired", reason="late"),
        entry(5, "convocation.told", 9, person=5, told_at="2022-02-05T10:00:00-06:00"),
        entry(6, "convocation.acknowledged", 4),
        entry(7, "convocation.answered", 4, answer="remote", was=None),
    ]
    assert histories(log) == {
        4: (
            Happening(2, AT, Act.ATTEMPTED, 1, "uncertain", "convocation", 1, "dead"),
            Happening(6, AT, Act.ACKNOWLEDGED, 1),
            Happening(7, AT, Act.ANSWERED, 1, "remote"),
        ),
        GROUP: (Happening(3, AT, Act.ATTEMPTED, 1, "accepted", "convocation", 1),),
        5: (
            Happening(4, AT, Act.UNSENT, 1, "expired", "change", reason="late"),
            Happening(5, AT, Act.TOLD, 1, told_at="2022-02-05T10:00:00-06:00"),
        ),
    }


def test_who_is_not_told_of_has_no_history() -> None:
    assert histories([]) == {}
