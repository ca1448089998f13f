"""/solicitar and /solicitudes: a voting member asks for an extraordinary session, and a majority signs."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from handlers.scheduling import begin_petitioned
from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.name import clean
from prep_bot.domain.petition import LIMITS, PetitionState, Proposal
from prep_bot.domain.quiet import after_quiet
from prep_bot.domain.role import Permission
from prep_bot.services.petitions import (
    AlreadyPresentedError,
    NoSuchPetitionError,
    NotTheirsError,
    NotVotingError,
    OpenPetitionError,
    PetitionClosedError,
    PetitionView,
)
from prep_bot.texts import help as help_texts
from prep_bot.texts import petitions as texts
from prep_bot.texts.actions.petitions import (
    PreparePetitioned,
    PresentPetition,
    ShowPetition,
    ShowPetitions,
    SignPetition,
    UnsignPetition,
    WithdrawPetition,
)
from prep_bot.texts.message import Message

DIALOGUE = "petition"


async def start(turn: Turn) -> Reply:
    """Ask for the topic, or take the one that follows the command; whoever has an open petition is shown it."""
    petition = await turn.services.petitions.open_of(turn.seat)
    if petition is not None:
        return texts.one_at_a_time(_card(turn, petition))
    return await _take(turn, Proposal(commission=turn.seat.commission_id), turn.argument)


async def answered(turn: Turn) -> Reply:
    """Take what was written for the topic, or for the reason; after both, show the preview again."""
    return await _take(turn, Proposal.model_validate(turn.data), turn.argument)


async def _take(turn: Turn, proposal: Proposal, written: str) -> Reply:
    words, part = clean(written), proposal.lacks
    if part is not None and len(words) > LIMITS[part]:
        await _keep(turn, proposal)
        return texts.too_long(part, len(words))
    if part is not None and words:
        proposal = proposal.model_copy(update={str(part): words})
    await _keep(turn, proposal)
    lacks = proposal.lacks
    return texts.ask(lacks) if lacks else texts.preview(proposal, turn.seat.rules.petition_days)


async def _keep(turn: Turn, proposal: Proposal) -> None:
    await turn.services.dialogues.begin(turn.actor.person_id, DIALOGUE, **proposal.model_dump())


async def present(turn: Turn, action: PresentPetition) -> Reply:
    """Present the petition as the preview showed it, once."""
    waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
    if waiting is None or waiting.topic != DIALOGUE or waiting.expired:
        return texts.no_such_proposal()
    proposal = Proposal.model_validate(waiting.data)
    if proposal.lacks or proposal.stamp != action.stamp or proposal.commission != turn.seat.commission_id:
        return texts.no_such_proposal()
    try:
        done = await turn.services.petitions.propose(turn.seat, DIALOGUE, proposal)
    except AlreadyPresentedError:
        return texts.no_such_proposal()
    except OpenPetitionError as error:
        return texts.one_at_a_time(_card(turn, error.petition))
    except NotVotingError:
        return help_texts.not_yours()
    now, rules = turn.services.clock.now(), turn.seat.rules
    sends_at = after_quiet(now, rules.quiet_hours, rules.zone)
    return texts.presented(done, now, sends_at, _card(turn, done.petition), rules.zone)


async def show_list(turn: Turn) -> Reply:
    """List the petitions that wait."""
    return await _list(turn, 0)


async def turn_list(turn: Turn, action: ShowPetitions) -> Reply:
    """Show that page of the list."""
    return await _list(turn, action.page)


async def _list(turn: Turn, page: int) -> Reply:
    petitions = await turn.services.petitions.current(turn.seat)
    votes = turn.seat.may(Permission.PETITION)
    return texts.listing(turn.seat.commission_id, petitions, page, turn.seat.rules.zone, votes=votes)


def _about_one(run: Callable[[Turn, Any], Awaitable[Reply]]) -> Callable[[Turn, Any], Awaitable[Reply]]:
    """Return a button's handler that says why nothing can be done about its petition."""

    @wraps(run)
    async def tapped(turn: Turn, action: Any) -> Reply:
        try:
            return await run(turn, action)
        except NoSuchPetitionError:
            return texts.no_such_petition()
        except PetitionClosedError as error:
            return texts.closed(error.petition, turn.seat.rules.zone)
        except NotVotingError:
            return help_texts.not_yours()

    return tapped


@_about_one
async def show(turn: Turn, action: ShowPetition) -> Reply:
    """Show a petition."""
    return _card(turn, await turn.services.petitions.one(turn.seat, action.petition))


@_about_one
async def sign(turn: Turn, action: SignPetition) -> Reply:
    """Sign; on the notice that asked for it, a line says so."""
    petition = await turn.services.petitions.sign(turn.seat, action.petition)
    if turn.message_id:
        return _card(turn, petition)
    return texts.signed(petition, turn.actor.person_id, turn.seat.rules.zone, action.encode())


@_about_one
async def unsign(turn: Turn, action: UnsignPetition) -> Reply:
    """Take the person's signature back."""
    try:
        return _card(turn, await turn.services.petitions.unsign(turn.seat, action.petition))
    except NotTheirsError:
        return texts.not_theirs(proposer=True)


@_about_one
async def withdraw(turn: Turn, action: WithdrawPetition) -> Reply:
    """Withdraw the person's petition."""
    try:
        return _card(turn, await turn.services.petitions.withdraw(turn.seat, action.petition))
    except NotTheirsError:
        return texts.not_theirs(proposer=False)


@_about_one
async def prepare(turn: Turn, action: PreparePetitioned) -> Reply:
    """Begin the dialogue that adds the session, about what was asked for."""
    petition = await turn.services.petitions.one(turn.seat, action.petition)
    if petition.state is not PetitionState.REACHED or petition.meeting is not None:
        return texts.not_for_convening()
    return await begin_petitioned(turn, petition.id, petition.topic)


def _card(turn: Turn, petition: PetitionView) -> Message:
    return texts.card(
        petition,
        turn.actor.person_id,
        turn.seat.rules.zone,
        votes=turn.seat.may(Permission.PETITION),
        convenes=turn.seat.may(Permission.CONVENE),
    )


FAMILY = Family(
    commands=(
        Command("solicitar", Permission.PETITION, start),
        Command("solicitudes", Permission.READ_PETITIONS, show_list),
    ),
    taps=(
        Tap(ShowPetitions, Permission.READ_PETITIONS, turn_list),
        Tap(ShowPetition, Permission.READ_PETITIONS, show),
        Tap(PresentPetition, Permission.PETITION, present),
        Tap(SignPetition, Permission.PETITION, sign),
        Tap(UnsignPetition, Permission.PETITION, unsign),
        Tap(WithdrawPetition, Permission.PETITION, withdraw),
        Tap(PreparePetitioned, Permission.CONVENE, prepare),
    ),
    answers=(Answer(DIALOGUE, Permission.PETITION, answered),),
)
