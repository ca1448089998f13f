"""To whom each row of the calendar of messages is said."""

from datetime import UTC, datetime, timedelta

import pytest

from prep_bot.domain.audience import Audience, audience
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.role import Role
from prep_bot.domain.schedule import Occasion

NOW = datetime(2022, 2, 1, 15, tzinfo=UTC)
HEADS = {Role.PRESIDENCY, Role.TECHNICAL_SECRETARY, Role.TECHNICAL_UNIT}


def occasion(kind: NoticeKind, *, last: bool = False) -> Occasion:
    return Occasion(kind, "cause", NOW, NOW + timedelta(days=1), last=last)


def to(*roles: Role, convened: bool = False, group: bool = False) -> Audience:
    return Audience(frozenset(roles), convened=convened, group=group)


@pytest.mark.parametrize("grouped", [True, False])
@pytest.mark.parametrize(
    ("kind", "last", "heard"),
    [
        (NoticeKind.DATE_MISSING, False, to(Role.TECHNICAL_SECRETARY)),
        (NoticeKind.DATE_MISSING, True, to(Role.TECHNICAL_SECRETARY, Role.PRESIDENCY)),
        (NoticeKind.CONVENE_MISSING, False, to(Role.TECHNICAL_SECRETARY)),
        (NoticeKind.CONVENE_MISSING, True, to(Role.TECHNICAL_SECRETARY)),
        (NoticeKind.CHASE, False, to()),
        (NoticeKind.REMINDER, False, to(convened=True, group=True)),
        (NoticeKind.REMINDER, True, to(convened=True)),
        (NoticeKind.DEADLINE, False, to(Role.TECHNICAL_UNIT, Role.TECHNICAL_SECRETARY)),
        (NoticeKind.DEADLINE, True, to(*HEADS, Role.MEMBER, group=True)),
    ],
)
def test_each_row_has_its_people(kind: NoticeKind, last: bool, heard: Audience, grouped: bool) -> None:
    assert audience(occasion(kind, last=last), grouped=grouped) == heard


def test_members_get_the_monthly_summary_by_themselves_only_while_no_group_is_linked() -> None:
    assert audience(occasion(NoticeKind.MONTHLY), grouped=True) == to(*HEADS, group=True)
    assert audience(occasion(NoticeKind.MONTHLY), grouped=False) == to(*HEADS, Role.MEMBER, group=True)
