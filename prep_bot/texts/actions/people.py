"""Buttons of who belongs to a commission: enrolment, invitations, memberships, a person's own data and preferences."""

from dataclasses import dataclass
from enum import StrEnum

from prep_bot.domain.role import Role
from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class AcceptPrivacy(Action):
    """«Acepto»: enrol with this invitation."""

    tag = "ok"
    code: str


@dataclass(frozen=True)
class ShowMembers(Action):
    """Who is who."""

    tag = "in"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ShowMember(Action):
    """One person's seat, for whoever manages them."""

    tag = "im"
    commission: int
    membership: int


@dataclass(frozen=True)
class ShowFormerMembers(Action):
    """Ended memberships."""

    tag = "if"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class InviteAs(Action):
    """Invite somebody in that role: their name is asked next."""

    tag = "iv"
    commission: int
    role: Role


@dataclass(frozen=True)
class InviteGuestTo(Action):
    """Invite a guest to that session: their name is asked next."""

    tag = "ig"
    commission: int
    meeting: int


@dataclass(frozen=True)
class ChooseRole(Action):
    """Invite somebody: pick the role."""

    tag = "ir"
    commission: int


@dataclass(frozen=True)
class ShowInvitations(Action):
    """Invitations that can still be used."""

    tag = "io"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class RevokeInvitation(Action):
    """Make an invitation worthless."""

    tag = "ix"
    commission: int
    invitation: int


@dataclass(frozen=True)
class InviteAgain(Action):
    """A new link for somebody who is known: they never enrolled, or lost their phone."""

    tag = "ia"
    commission: int
    membership: int


@dataclass(frozen=True)
class AskEnd(Action):
    """End somebody's membership: ask the date."""

    tag = "ie"
    commission: int
    membership: int
    replace: bool = False


@dataclass(frozen=True)
class EndToday(Action):
    """End somebody's membership today."""

    tag = "it"
    commission: int
    membership: int
    replace: bool = False


@dataclass(frozen=True)
class LinkGroup(Action):
    """Make the group in which the button stands the commission's."""

    tag = "vi"
    commission: int


@dataclass(frozen=True)
class ShowMyData(Action):
    """What is stored about me."""

    tag = "md"


@dataclass(frozen=True)
class AskDeleteContact(Action):
    """Delete my contact data: ask first."""

    tag = "dq"


@dataclass(frozen=True)
class DeleteContact(Action):
    """Delete my contact data."""

    tag = "dd"


class Preference(StrEnum):
    """What a person may turn on and off."""

    HOUR_REMINDER = "hour"
    MONTHLY_SUMMARY = "month"


@dataclass(frozen=True)
class TogglePreference(Action):
    """Turn it on or off."""

    tag = "aj"
    preference: Preference
    wanted: bool
