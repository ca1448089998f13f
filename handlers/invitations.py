"""/invitar."""

import io

import segno

from handlers.members import SUCCESSOR as NAME
from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.role import Permission, Role
from prep_bot.services.invitations import (
    BadNameError,
    MeetingNeededError,
    NewInvitation,
    OtherRoleError,
    SeveralPeopleError,
    UnusableCodeError,
)
from prep_bot.texts import invitations as texts
from prep_bot.texts import members as member_texts
from prep_bot.texts.actions.people import (
    ChooseRole,
    InviteAgain,
    InviteAs,
    InviteGuestTo,
    RevokeInvitation,
    ShowInvitations,
)


async def start(turn: Turn) -> Reply:
    """Ask in which role somebody is invited."""
    return texts.choose_role(turn.seat.commission_id)


async def choose_role(turn: Turn, _: ChooseRole) -> Reply:
    """Ask again in which role, in place."""
    return texts.choose_role(turn.seat.commission_id)


async def choose_name(turn: Turn, action: InviteAs) -> Reply:
    """Ask the name; of a guest, the session first."""
    if action.role is Role.GUEST:
        meetings = [m for m in await turn.services.meetings.of([turn.seat]) if not m.state.ended]
        return texts.choose_meeting(turn.seat.commission_id, meetings)
    return await _ask_name(turn, action.role, [])


async def choose_guest(turn: Turn, action: InviteGuestTo) -> Reply:
    """Ask the name of the guest of that session."""
    return await _ask_name(turn, Role.GUEST, [action.meeting])


async def _ask_name(turn: Turn, role: Role, meetings: list[int]) -> Reply:
    await turn.services.dialogues.begin(
        turn.actor.person_id, NAME, commission=turn.seat.commission_id, role=role, meetings=meetings
    )
    return texts.ask_name(role)


async def invite(turn: Turn) -> Reply:
    """Invite the person whose name was awaited."""
    return await _invite(turn, turn.argument, Role(turn.data["role"]), turn.data["meetings"])


async def invite_again(turn: Turn, action: InviteAgain) -> Reply:
    """Make a new link for somebody who is known already."""
    try:
        made = await turn.services.invitations.renew(
            turn.seat.commission_id, action.membership, by=turn.actor.person_id
        )
    except UnusableCodeError:
        return member_texts.gone()
    return _card(turn, made)


async def _invite(turn: Turn, name: str, role: Role, meetings: list[int]) -> Reply:
    try:
        made = await turn.services.invitations.create(
            turn.seat.commission_id, name, role, by=turn.actor.person_id, meeting_numbers=meetings
        )
    except BadNameError:
        return texts.bad_name()
    except OtherRoleError as error:
        return texts.other_role(error.name, error.role)
    except SeveralPeopleError:
        return texts.several_people()
    except MeetingNeededError:
        return texts.choose_meeting(turn.seat.commission_id, ())
    await turn.services.dialogues.end(turn.actor.person_id)
    return _card(turn, made)


def _card(turn: Turn, made: NewInvitation) -> Reply:
    link = f"https://t.me/{turn.bot}?start={made.code}"
    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=8, border=3)
    return texts.invitation(turn.seat.commission_id, made, link, picture.getvalue(), turn.seat.rules.zone)


async def show_open(turn: Turn, action: ShowInvitations) -> Reply:
    """Show the invitations that can still be used."""
    return await _open(turn, action.page)


async def revoke(turn: Turn, action: RevokeInvitation) -> Reply:
    """Make one of them worthless."""
    revoked = await turn.services.invitations.revoke(
        turn.seat.commission_id, action.invitation, by=turn.actor.person_id
    )
    return await _open(turn) if revoked else texts.revoked_too_late()


async def _open(turn: Turn, page: int = 0) -> Reply:
    open_ones = await turn.services.invitations.open(turn.seat.commission_id)
    return texts.open_invitations(turn.seat.commission_id, open_ones, page, turn.seat.rules.zone)


FAMILY = Family(
    commands=(Command("invitar", Permission.INVITE, start),),
    taps=(
        Tap(ChooseRole, Permission.INVITE, choose_role),
        Tap(InviteAs, Permission.INVITE, choose_name),
        Tap(InviteGuestTo, Permission.INVITE, choose_guest),
        Tap(InviteAgain, Permission.INVITE, invite_again),
        Tap(ShowInvitations, Permission.INVITE, show_open),
        Tap(RevokeInvitation, Permission.INVITE, revoke),
    ),
    answers=(Answer(NAME, Permission.INVITE, invite, acts_at_once=True),),
)
