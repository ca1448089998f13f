"""/integrantes: who is who, and for the secretary, ending and replacing."""

from datetime import UTC, date, datetime

from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.month import local_day
from prep_bot.domain.name import fold
from prep_bot.domain.role import Permission
from prep_bot.services.members import BadDateError, EndedError
from prep_bot.texts import members as texts
from prep_bot.texts.actions.people import AskEnd, EndToday, ShowFormerMembers, ShowMember, ShowMembers

END_DATE = "members.end_date"
SUCCESSOR = "invitations.name"
"""A successor is invited like anybody: the same question, with the role already settled."""


async def show_all(turn: Turn) -> Reply:
    """Show who is who."""
    return await _members(turn, 0)


async def turn_page(turn: Turn, action: ShowMembers) -> Reply:
    """Show another page, in place."""
    return await _members(turn, action.page)


async def _members(turn: Turn, page: int) -> Reply:
    people = await turn.services.members.of(turn.seat.commission_id)
    return texts.members(turn.seat.commission_id, people, page, manages=turn.seat.may(Permission.INVITE))


async def show_former(turn: Turn, action: ShowFormerMembers) -> Reply:
    """Show the ended memberships."""
    people = await turn.services.members.former(turn.seat.commission_id)
    return texts.former(turn.seat.commission_id, people, action.page)


async def open_one(turn: Turn, action: ShowMember) -> Reply:
    """Show one person's card; whatever was being asked about them is dropped."""
    person = await turn.services.members.one(turn.seat.commission_id, action.membership)
    await turn.services.dialogues.end(turn.actor.person_id)
    return texts.member(turn.seat.commission_id, person) if person else texts.gone()


async def ask_end(turn: Turn, action: AskEnd) -> Reply:
    """Ask the date on which a membership ends."""
    person = await turn.services.members.one(turn.seat.commission_id, action.membership)
    if person is None:
        return texts.gone()
    if person.membership_id == turn.seat.membership_id:
        return texts.not_yourself()
    await turn.services.dialogues.begin(
        turn.actor.person_id,
        END_DATE,
        commission=turn.seat.commission_id,
        membership=action.membership,
        replace=action.replace,
    )
    return texts.ask_end_date(turn.seat.commission_id, person, replace=action.replace)


async def end_today(turn: Turn, action: EndToday) -> Reply:
    """End a membership today."""
    today = local_day(turn.services.clock.now(), turn.seat.rules.zone)
    return await _end(turn, action.membership, today, replace=action.replace)


async def end_on(turn: Turn) -> Reply:
    """End a membership on the date that was awaited."""
    on = _read_date(turn.argument, local_day(turn.services.clock.now(), turn.seat.rules.zone))
    return await _end(turn, turn.data["membership"], on, replace=turn.data["replace"])


async def _end(turn: Turn, membership_id: int, on: date | None, *, replace: bool) -> Reply:
    person = await turn.services.members.one(turn.seat.commission_id, membership_id)
    if person is None:
        return texts.gone()
    if person.membership_id == turn.seat.membership_id:
        return texts.not_yourself()
    if on is None:
        return texts.bad_date(person.starts_on)
    try:
        await turn.services.members.end(turn.seat, membership_id, on)
    except EndedError:
        return texts.gone()
    except BadDateError:
        return texts.bad_date(person.starts_on)
    if not replace:
        await turn.services.dialogues.end(turn.actor.person_id)
        return texts.ended(turn.seat.commission_id, person, on)
    await turn.services.dialogues.begin(
        turn.actor.person_id, SUCCESSOR, commission=turn.seat.commission_id, role=person.role, meetings=[]
    )
    return texts.ask_successor(person, on)


def _read_date(text: str, today: date) -> date | None:
    if fold(text) == "hoy":
        return today
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


FAMILY = Family(
    commands=(Command("integrantes", Permission.READ_MEMBERS, show_all),),
    taps=(
        Tap(ShowMembers, Permission.READ_MEMBERS, turn_page),
        Tap(ShowMember, Permission.INVITE, open_one),
        Tap(ShowFormerMembers, Permission.INVITE, show_former),
        Tap(AskEnd, Permission.INVITE, ask_end),
        Tap(EndToday, Permission.INVITE, end_today),
    ),
    answers=(Answer(END_DATE, Permission.INVITE, end_on, acts_at_once=True),),
)
