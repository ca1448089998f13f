"""All services over one database and one clock."""

from collections.abc import Callable
from dataclasses import dataclass

from prep_bot.clock import Clock
from prep_bot.db.engine import Database
from prep_bot.services.activities import Activities
from prep_bot.services.agenda import Agendas
from prep_bot.services.annexes import Annexes
from prep_bot.services.announcements import Announcements
from prep_bot.services.answers import Answers
from prep_bot.services.attendance import AttendanceBook
from prep_bot.services.boards import Boards
from prep_bot.services.calendar import Calendar
from prep_bot.services.certificates import Certificates
from prep_bot.services.clashes import Clashes
from prep_bot.services.commissions import Commissions
from prep_bot.services.convocations import Convocations
from prep_bot.services.deliveries import Deliveries
from prep_bot.services.dialogues import Dialogues
from prep_bot.services.due import Due
from prep_bot.services.groups import Groups
from prep_bot.services.identity import Identity
from prep_bot.services.invitations import Invitations
from prep_bot.services.ledger import Ledger
from prep_bot.services.meetings import Meetings
from prep_bot.services.members import Members
from prep_bot.services.outbox import Outbox
from prep_bot.services.papers import Papers
from prep_bot.services.pending import Pending
from prep_bot.services.personal_data import PersonalData
from prep_bot.services.petitions import Petitions
from prep_bot.services.plan_import import PlanImport
from prep_bot.services.points import Points
from prep_bot.services.postponing import Postponing
from prep_bot.services.preferences import Preferences
from prep_bot.services.progress import Progress
from prep_bot.services.reachability import Reachability
from prep_bot.services.versions import Versions
from prep_bot.services.vitals import Vitals


@dataclass(frozen=True)
class Services:
    """What handlers and scheduler are given."""

    clock: Clock
    changes: Callable[[], int]
    """Counts what this process may have changed: while it stands still, nothing new can be due before its time."""
    activities: Activities
    agendas: Agendas
    annexes: Annexes
    announcements: Announcements
    answers: Answers
    attendance: AttendanceBook
    boards: Boards
    calendar: Calendar
    clashes: Clashes
    certificates: Certificates
    commissions: Commissions
    convocations: Convocations
    deliveries: Deliveries
    dialogues: Dialogues
    due: Due
    groups: Groups
    identity: Identity
    invitations: Invitations
    ledger: Ledger
    meetings: Meetings
    members: Members
    outbox: Outbox
    papers: Papers
    pending: Pending
    personal_data: PersonalData
    petitions: Petitions
    plans: PlanImport
    points: Points
    postponing: Postponing
    preferences: Preferences
    progress: Progress
    reachability: Reachability
    versions: Versions
    vitals: Vitals


def build(database: Database, clock: Clock, *, simulated: bool = False) -> Services:
    """Return the services over `database`, which live in the time of `clock`.

    `simulated`: it is a simulation or a rehearsal, and the documents that come from it say so.
    """
    activities = Activities(database)
    convocations = Convocations(database, clock)
    meetings = Meetings(database, clock)
    reachability = Reachability(database, clock)
    groups = Groups(database, clock)
    return Services(
        clock=clock,
        changes=lambda: database.changes,
        activities=activities,
        agendas=Agendas(database, clock),
        annexes=Annexes(database, clock),
        announcements=Announcements(database, clock),
        answers=Answers(database, clock),
        attendance=AttendanceBook(database, clock),
        boards=Boards(database),
        calendar=Calendar(database, clock),
        clashes=Clashes(database),
        certificates=Certificates(database, clock, simulated=simulated),
        commissions=Commissions(database),
        convocations=convocations,
        deliveries=Deliveries(database, clock),
        dialogues=Dialogues(database, clock),
        due=Due(database, clock),
        groups=groups,
        identity=Identity(database),
        invitations=Invitations(database, clock),
        ledger=Ledger(database),
        meetings=meetings,
        members=Members(database, clock),
        outbox=Outbox(database, clock, reachability, groups),
        papers=Papers(database, clock, simulated=simulated),
        pending=Pending(activities, meetings, convocations, clock),
        personal_data=PersonalData(database, clock),
        petitions=Petitions(database, clock),
        points=Points(database, clock),
        postponing=Postponing(database, clock),
        preferences=Preferences(database),
        plans=PlanImport(database, clock),
        progress=Progress(database, clock),
        reachability=reachability,
        versions=Versions(database, clock),
        vitals=Vitals(database),
    )
