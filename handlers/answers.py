"""«Asistiré», «A distancia», «No asistiré»; after a «no», the reason and who comes instead."""

from typing import Any

from handlers.turn import Answer, Family, Reply, Tap, Turn
from prep_bot.domain import answer as domain
from prep_bot.domain.name import clean
from prep_bot.domain.role import Permission
from prep_bot.services.answers import (
    REASON_LIMIT,
    SUBSTITUTE_LIMIT,
    BegunError,
    NotAbsentError,
    NotOfferedError,
)
from prep_bot.services.convocations import NotInForceError
from prep_bot.services.dialogues import Waiting
from prep_bot.texts import answers as texts
from prep_bot.texts.acknowledging import superseded
from prep_bot.texts.actions.answers import GiveAnswer, SkipDetail

REASON = "answers.reason"
SUBSTITUTE = "answers.substitute"

_WORDS = 2
"""Of a full name, at least."""


async def give(turn: Turn, action: GiveAnswer) -> Reply:
    """Record the answer; after a «no», wait for the reason."""
    try:
        done = await turn.services.answers.give(turn.actor, action.convocation, action.answer)
    except NotOfferedError:
        return texts.not_offered()
    except BegunError:
        return texts.begun()
    except NotInForceError:
        successor = await turn.services.versions.successor(turn.actor, action.convocation)
        return superseded(successor) if successor else texts.not_in_force()
    if done.answer is domain.Answer.ABSENT:
        await turn.services.dialogues.begin(
            turn.actor.person_id,
            REASON,
            commission=done.meeting.commission_id,
            convocation=action.convocation,
            name=done.meeting.name,
            substituted=done.substituted,
        )
    elif await _awaited(turn, action.convocation):
        await turn.services.dialogues.end(turn.actor.person_id)
    return texts.given(done, action.convocation)


def _too_late(error: NotInForceError) -> Reply:
    match error:
        case BegunError():
            return texts.begun()
        case NotAbsentError():
            return texts.changed_mind()
        case _:
            return texts.not_in_force()


async def _awaited(turn: Turn, convocation_id: int) -> Waiting | None:
    """Return the question about that answer, if one waits for the person."""
    waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
    asked = waiting is not None and waiting.topic in {REASON, SUBSTITUTE}
    return waiting if asked and waiting and waiting.data["convocation"] == convocation_id else None


async def take_reason(turn: Turn) -> Reply:
    """Note the reason, and ask who comes instead where the role lets somebody."""
    reason = clean(turn.argument)
    if len(reason) > REASON_LIMIT:
        return texts.reason_too_long(len(reason))
    try:
        await turn.services.answers.explain(turn.actor, turn.data["convocation"], reason)
    except NotInForceError as error:
        await turn.services.dialogues.end(turn.actor.person_id)
        return _too_late(error)
    return await _after_reason(turn, turn.data)


async def _after_reason(turn: Turn, asked: dict[str, Any]) -> Reply:
    if asked["substituted"]:
        await turn.services.dialogues.begin(turn.actor.person_id, SUBSTITUTE, **asked)
        return texts.ask_substitute(asked["name"], asked["convocation"])
    await turn.services.dialogues.end(turn.actor.person_id)
    return texts.settled()


async def take_substitute(turn: Turn) -> Reply:
    """Note who comes instead."""
    name = clean(turn.argument)
    if len(name.split()) < _WORDS or len(name) > SUBSTITUTE_LIMIT:
        return texts.bad_substitute()
    await turn.services.dialogues.end(turn.actor.person_id)
    try:
        return texts.substituted(await turn.services.answers.substitute(turn.actor, turn.data["convocation"], name))
    except NotInForceError as error:
        return _too_late(error)


async def skip(turn: Turn, action: SkipDetail) -> Reply:
    """Go on without what was asked."""
    waiting = await _awaited(turn, action.convocation)
    if waiting is None:
        return texts.nothing_to_skip()
    try:
        await turn.services.answers.stands(turn.actor, action.convocation)
    except NotInForceError as error:
        await turn.services.dialogues.end(turn.actor.person_id)
        return _too_late(error)
    if waiting.topic == REASON:
        return await _after_reason(turn, waiting.data)
    await turn.services.dialogues.end(turn.actor.person_id)
    return texts.settled()


FAMILY = Family(
    taps=(
        Tap(GiveAnswer, Permission.READ_INVITED_MEETINGS, give),
        Tap(SkipDetail, Permission.READ_INVITED_MEETINGS, skip),
    ),
    answers=(
        Answer(REASON, Permission.READ_INVITED_MEETINGS, take_reason, optional=True),
        Answer(SUBSTITUTE, Permission.READ_INVITED_MEETINGS, take_substitute, optional=True),
    ),
)
