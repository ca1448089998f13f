"""The quorum that a convocation lets expect, within a transaction."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee
from prep_bot.domain.answer import Answer
from prep_bot.domain.quorum import Forecast, forecast
from prep_bot.domain.role import VOTING
from prep_bot.domain.rules import Rules
from prep_bot.services.roster import roster


async def votes_of(session: AsyncSession, commission_id: int, convocation_id: int) -> dict[int, Answer | None]:
    """Return what each of the commission's present voting members answered."""
    query = select(col(Addressee.person_id), col(Addressee.answer)).where(
        col(Addressee.convocation_id) == convocation_id
    )
    answers = {row.person_id: row.answer for row in (await session.execute(query)).all()}
    voting = [person.person_id for person in await roster(session, commission_id) if person.role in VOTING]
    return {person_id: answers.get(person_id) for person_id in voting}


async def forecast_of(session: AsyncSession, commission_id: int, convocation_id: int) -> Forecast:
    """Return what the answers of the commission's present voting members let expect."""
    rules = Rules.model_validate((await session.get_one(Commission, commission_id)).rules)
    votes = await votes_of(session, commission_id, convocation_id)
    return forecast(votes.values(), rules.quorum.voting_members)
