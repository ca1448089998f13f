"""What each role may do: one table, asked at every command and at every button.

Source: the plan of the commission ("Las Sesiones Ordinarias serán convocadas por la Secretaría Técnica").
"""

from enum import StrEnum


class Role(StrEnum):
    """A person's part in one commission."""

    PRESIDENCY = "presidency"
    MEMBER = "member"
    TECHNICAL_SECRETARY = "technical_secretary"
    PARTY_REPRESENTATIVE = "party_representative"
    TECHNICAL_UNIT = "technical_unit"
    GUEST = "guest"


class Permission(StrEnum):
    """Something that a role may do in a commission."""

    READ_PLAN = "read_plan"
    """Activities, progress and what is pending."""
    READ_CALENDAR = "read_calendar"
    """All sessions."""
    READ_INVITED_MEETINGS = "read_invited_meetings"
    """Only the sessions to which one was invited."""
    READ_MEMBERS = "read_members"
    """Who is who."""
    RECORD_PROGRESS = "record_progress"
    CONVENE = "convene"
    """Date, convene, move, defer, cancel and close sessions."""
    PETITION = "petition"
    """Ask for an extraordinary session, and sign what others ask for."""
    READ_PETITIONS = "read_petitions"
    READ_ATTENDANCE = "read_attendance"
    """Who attended how often, person by person; whoever lacks it sees their own, and the total."""
    CERTIFY = "certify"
    """Issue the constancia of a convocation."""
    BROADCAST = "broadcast"
    INVITE = "invite"
    """Invite, end and replace memberships, re-link a lost phone."""
    LINK_GROUP = "link_group"
    OWN_DATA = "own_data"
    """See and delete what is stored about oneself."""


VOTING: frozenset[Role] = frozenset({Role.PRESIDENCY, Role.MEMBER})
"""The roles with voice and vote."""

SUBSTITUTED: frozenset[Role] = frozenset({Role.PARTY_REPRESENTATIVE})
"""The roles in which somebody else may come instead: a vote is nobody else's to cast."""

_EVERYONE = frozenset(Role)
_ALL_BUT_GUESTS = _EVERYONE - {Role.GUEST}
_SECRETARY = frozenset({Role.TECHNICAL_SECRETARY})

TABLE: dict[Permission, frozenset[Role]] = {
    Permission.READ_PLAN: _ALL_BUT_GUESTS,
    Permission.READ_CALENDAR: _ALL_BUT_GUESTS,
    Permission.READ_INVITED_MEETINGS: _EVERYONE,
    Permission.READ_MEMBERS: _ALL_BUT_GUESTS,
    Permission.RECORD_PROGRESS: frozenset({Role.TECHNICAL_SECRETARY, Role.TECHNICAL_UNIT}),
    Permission.CONVENE: _SECRETARY,
    Permission.PETITION: VOTING,
    Permission.READ_PETITIONS: VOTING | _SECRETARY,
    Permission.READ_ATTENDANCE: _SECRETARY | {Role.PRESIDENCY},
    Permission.CERTIFY: _SECRETARY | {Role.PRESIDENCY},
    Permission.BROADCAST: _SECRETARY,
    Permission.INVITE: _SECRETARY,
    Permission.LINK_GROUP: _SECRETARY,
    Permission.OWN_DATA: _EVERYONE,
}


def may(role: Role, permission: Permission, *, presidency_convenes: bool = False) -> bool:
    """Tell whether `role` holds `permission`.

    `presidency_convenes` is the commission's setting `rules.presidency_convenes`, off by default.
    """
    if permission is Permission.CONVENE and role is Role.PRESIDENCY:
        return presidency_convenes
    return role in TABLE[permission]
