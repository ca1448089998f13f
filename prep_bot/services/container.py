"""All services over one database and one clock."""

from dataclasses import dataclass

from prep_bot.clock import Clock
from prep_bot.db.engine import Database
from prep_bot.services.activities import Activities
from prep_bot.services.commissions import Commissions
from prep_bot.services.dialogues import Dialogues
from prep_bot.services.groups import Groups
from prep_bot.services.identity import Identity
from prep_bot.services.invitations import Invitations
from prep_bot.services.meetings import Meetings
from prep_bot.services.members import Members
from prep_bot.services.outbox import Outbox
from prep_bot.services.pending import Pending
from prep_bot.services.personal_data import PersonalData
from prep_bot.services.plan_import import PlanImport
from prep_bot.services.progress import Progress
from prep_bot.services.reachability import Reachability
from prep_bot.services.vitals import Vitals


@dataclass(frozen=True)
class Services:
    """What handlers and scheduler are given."""

    clock: Clock
    activities: Activities
    commissions: Commissions
    dialogues: Dialogues
    groups: Groups
    identity: Identity
    invitations: Invitations
    meetings: Meetings
    members: Members
    outbox: Outbox
    pending: Pending
    personal_data: PersonalData
    plans: PlanImport
    progress: Progress
    reachability: Reachability
    vitals: Vitals


def build(database: Database, clock: Clock) -> Services:
    """Return the services over `database`, which live in the time of `clock`."""
    activities = Activities(database)
    meetings = Meetings(database, clock)
    reachability = Reachability(database, clock)
    return Services(
        clock=clock,
        activities=activities,
        commissions=Commissions(database),
        dialogues=Dialogues(database, clock),
        groups=Groups(database, clock),
        identity=Identity(database),
        invitations=Invitations(database, clock),
        meetings=meetings,
        members=Members(database, clock),
        outbox=Outbox(database, clock, reachability),
        pending=Pending(activities, meetings, clock),
        personal_data=PersonalData(database, clock),
        plans=PlanImport(database, clock),
        progress=Progress(database, clock),
        reachability=reachability,
        vitals=Vitals(database),
    )
