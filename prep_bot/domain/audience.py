"""To whom each occasion of the calendar of messages is said."""

from dataclasses import dataclass

from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.role import Role
from prep_bot.domain.schedule import Occasion


@dataclass(frozen=True)
class Audience:
    """Who hears of an occasion."""

    roles: frozenset[Role] = frozenset()
    convened: bool = False
    """Each person convened to its session."""
    group: bool = False


_DOERS = frozenset({Role.TECHNICAL_UNIT, Role.TECHNICAL_SECRETARY})
_HEADS = frozenset({Role.PRESIDENCY, Role.TECHNICAL_SECRETARY, Role.TECHNICAL_UNIT})
_SECRETARY = frozenset({Role.TECHNICAL_SECRETARY})

SUMMARISED = _HEADS | {Role.MEMBER}
"""Who gets the monthly summary; the members, where no group is linked."""


def audience(occasion: Occasion, *, grouped: bool) -> Audience:
    """Return who hears of `occasion`; `grouped` tells whether the commission has linked a group.

    A chase goes to whoever has not acknowledged, which no role tells, and the list of them to the secretary.
    """
    match occasion.kind:
        case NoticeKind.MONTHLY:
            return Audience(roles=_HEADS if grouped else SUMMARISED, group=True)
        case NoticeKind.DATE_MISSING:
            return Audience(roles=_SECRETARY | {Role.PRESIDENCY} if occasion.last else _SECRETARY)
        case NoticeKind.CONVENE_MISSING:
            return Audience(roles=_SECRETARY)
        case NoticeKind.DEADLINE if occasion.last:
            return Audience(roles=_DOERS | {Role.PRESIDENCY, Role.MEMBER}, group=True)
        case NoticeKind.DEADLINE:
            return Audience(roles=_DOERS)
        case NoticeKind.REMINDER:
            return Audience(convened=True, group=not occasion.last)
        case _:
            return Audience()
