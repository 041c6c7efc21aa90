"""The tables. Facts only: what happened, to whom, when. Rules live in fieldwork.

Times are aware and in UTC: SQLModel refuses naive ones and hands back aware ones from any database. Who
someone is (Person, Address) is kept apart from what was answered (Result, TextResult), and nothing in a
result leads to a person once the Interview is gone.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

# Every constraint has a name, so that a later migration can alter or drop it on any database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


# --- The city -----------------------------------------------------------------------------------------------


class Organisation(SQLModel, table=True):
    """A district administration or another unit of the city, for as long as it existed under this name."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    kind: str = "district"
    valid_from: date | None = None
    valid_to: date | None = None


class OrganisationName(SQLModel, table=True):
    """Another spelling or an earlier name under which an organisation is found."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    alias: str = Field(unique=True)
    valid_from: date | None = None
    valid_to: date | None = None


class OrganisationLink(SQLModel, table=True):
    """How two organisations belong together: ``parent``, ``handles`` (works for) or ``merged`` (into)."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    other_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None


# --- The review and its waves -------------------------------------------------------------------------------


class Review(SQLModel, table=True):
    """A quality review. ``origin`` says what its data are: collected, published or example."""

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(unique=True)
    theme: str = ""
    year: int
    phase: str = "planerad"
    origin: str = "collected"


class Instrument(SQLModel, table=True):
    """One published, immutable version of one edition; ``body`` is its TOML text, ``hash`` its content."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(index=True)
    edition: str
    version: int
    hash: str = Field(unique=True)
    body: str


class Form(SQLModel, table=True):
    """An ordered list of instruments, hashed as a whole."""

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)


class FormPart(SQLModel, table=True):
    """One instrument's place in a form."""

    form_id: int = Field(foreign_key="form.id", primary_key=True)
    position: int = Field(primary_key=True)
    instrument_id: int = Field(foreign_key="instrument.id")


class Wave(SQLModel, table=True):
    """One round of collecting with one form.

    ``promise`` is confidential or anonymous; ``policy`` is group, cell or published. ``printed`` lists the
    tables that a published report holds: the only ones that may be shown of a published wave. Groups with
    fewer than ``smallest_group`` answers show none, those below ``alike_below`` may not be seen to agree, and
    words are read from ``open_answers_from`` open answers on (``analysis.disclosure.Policy``).
    ``information`` holds, per language, the purpose and who reads what, as the inspector wrote them.
    ``schedule`` is when people are contacted (fieldwork.wave_schedule); nobody is before ``started_at`` or
    while ``paused_at`` is set. ``telegram_reason`` is the recorded decision to use Telegram,
    ``telegram_free_text`` whether open questions may be answered in it, ``background_reason`` the recorded
    decision to ask questions that together may point people out. ``identities_erased_at`` is when the key to
    who was invited was erased.
    """

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    form_id: int = Field(foreign_key="form.id")
    name: str
    subject: str = "self"
    promise: str = "confidential"
    policy: str = "group"
    smallest_group: int = 5
    alike_below: int = 10
    open_answers_from: int = 10
    comment_threshold: int = 75
    doors: list[str] = Field(default_factory=lambda: ["web"], sa_column=Column(JSON, nullable=False))
    opens: date
    closes: date
    closed_at: datetime | None = None
    informed_on: date | None = None
    pilot: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    contact_mail: str = ""
    information: dict[str, dict[str, str]] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )
    printed: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    schedule: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    started_at: datetime | None = None
    paused_at: datetime | None = None
    telegram_reason: str = ""
    telegram_free_text: bool = False
    background_reason: str = ""
    identities_erased_at: datetime | None = None

    __table_args__ = (UniqueConstraint("review_id", "name"),)


class ReportingUnit(SQLModel, table=True):
    """A column of a wave's tables: one organisation or several reported together.

    ``answers`` counts sent interviews, ``partial`` those among them that were sent before the end; ``shown``
    is ``answers`` at the last step in which results of the open wave were let out (see Count.shown).
    """

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    label: str
    position: int
    answers: int = 0
    partial: int = 0
    shown: int = 0

    __table_args__ = (UniqueConstraint("wave_id", "label"),)


class ReportingUnitMember(SQLModel, table=True):
    """Which organisations a reporting unit stands for."""

    reporting_unit_id: int = Field(foreign_key="reportingunit.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)


class Staffing(SQLModel, table=True):
    """Posts and filled posts of an organisation when the wave was sent."""

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    posts: int
    filled: int


class Note(SQLModel, table=True):
    """A line in the fieldwork diary of a wave."""

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    at: datetime
    text: str


# --- People -------------------------------------------------------------------------------------------------


class Person(SQLModel, table=True):
    """Someone who may be invited; ``reference`` is the inspector's own key in the staff list."""

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)


class Address(SQLModel, table=True):
    """Where a person can be reached; deletable without touching anything else."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str
    value: str
    active: bool = True

    __table_args__ = (
        Index(
            "one_active_address_per_channel",
            "person_id",
            "channel",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )


class User(SQLModel, table=True):
    """Someone who works in Granska: inspector, manager or administrator."""

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str


class Subject(SQLModel, table=True):
    """What an interview is about: a person, a file by running number, a unit or a district."""

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    kind: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    number: int | None = None

    __table_args__ = (UniqueConstraint("wave_id", "organisation_id", "number"),)


class Invitation(SQLModel, table=True):
    """Someone's place in a wave. Holds when things happened, never what was answered.

    ``chosen_at`` is when the respondent asked to be reminded, ``no_more_at`` when she asked for no more
    reminders (no refusal), ``deleted_at`` when she deleted her draft and has not begun anew. ``left_at`` is
    when she left or went on leave after the sendout; she stays among the invited.
    """

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    subject_id: int = Field(foreign_key="subject.id")
    reporting_unit_id: int = Field(foreign_key="reportingunit.id")
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    part: str = "respondent"
    role: str = ""
    unit: str = ""
    in_service: bool = True
    language: str = "sv"
    begun_at: datetime | None = None
    finished_at: datetime | None = None
    declined_at: datetime | None = None
    chosen_at: datetime | None = None
    no_more_at: datetime | None = None
    deleted_at: datetime | None = None
    left_at: datetime | None = None
    left_reason: str = ""

    __table_args__ = (
        UniqueConstraint("wave_id", "subject_id", "part"),
        # Who is invited to a unit is counted from this index alone.
        Index("invited_of_a_unit", "reporting_unit_id", "in_service", "subject_id"),
    )


class AccessToken(SQLModel, table=True):
    """A personal link, kept as its SHA-256 only."""

    id: int | None = Field(default=None, primary_key=True)
    invitation_id: int = Field(foreign_key="invitation.id", index=True)
    hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime


class Information(SQLModel, table=True):
    """That an invitee read the information, and exactly which words."""

    id: int | None = Field(default=None, primary_key=True)
    invitation_id: int = Field(foreign_key="invitation.id", index=True)
    text_hash: str
    read_at: datetime


# --- The answering ------------------------------------------------------------------------------------------


class Interview(SQLModel, table=True):
    """Someone's answering of the wave's form about a subject. Until sent, the draft is the respondent's own.

    The row is what ties answers to an invitation. It goes when an anonymous interview is sent, and any other
    one when its wave closes; only protocols of files stay with their readers.

    ``revision`` rises with every change. ``asking`` is the answered item that is asked again, or the long
    text still being written (then ``adding`` is true); otherwise the next question follows from the answers.
    ``result_key`` is the random key under which the results were stored; ``code_hash`` and ``code_tries``
    guard earlier answers on a new device.
    """

    id: str = Field(primary_key=True)
    invitation_id: int | None = Field(default=None, foreign_key="invitation.id", unique=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    form_id: int = Field(foreign_key="form.id")
    reporting_unit_id: int = Field(foreign_key="reportingunit.id")
    role: str = ""
    language: str = "sv"
    revision: int = 0
    asking: str = ""
    adding: bool = False
    last_shown: str = ""
    paused_at: datetime | None = None
    sent_at: datetime | None = None
    partial: bool = False
    result_key: str | None = Field(default=None, unique=True)
    code_hash: str = ""
    code_tries: int = 0


class Answer(SQLModel, table=True):
    """One answer of a draft. ``value`` is canonical; None is a skip. Only the row not superseded counts.

    ``revision`` is that of the interview which the answer led to. There is no number over all answers: a gap
    in it would tell how many an erased draft held.
    """

    interview_id: str = Field(foreign_key="interview.id", primary_key=True)
    revision: int = Field(primary_key=True)
    item: str
    value: str | None = None
    door: str
    device: str = ""
    at: datetime
    superseded_at: datetime | None = None

    __table_args__ = (
        Index(
            "one_present_answer_per_item",
            "interview_id",
            "item",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )


class Result(SQLModel, table=True):
    """One item of a sent interview: an option, or why there is none. Ordered by random keys only."""

    key: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    option: str = Field(default="", primary_key=True)
    missing: str = ""
    wave_id: int = Field(foreign_key="wave.id")
    reporting_unit_id: int = Field(foreign_key="reportingunit.id")

    __table_args__ = (
        Index("results_of_a_wave", "wave_id", "item"),
        Index("results_of_a_unit", "reporting_unit_id", "key"),
        {"sqlite_with_rowid": False},
    )


class TextResult(SQLModel, table=True):
    """The words of one open answer of a sent interview; deletable alone."""

    key: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    reporting_unit_id: int = Field(foreign_key="reportingunit.id")
    text: str

    __table_args__ = (
        Index("texts_of_a_unit", "reporting_unit_id", "key"),
        {"sqlite_with_rowid": False},
    )


class Coding(SQLModel, table=True):
    """One code that one coder gave one open answer."""

    key: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    coder: str = Field(primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    reporting_unit_id: int = Field(foreign_key="reportingunit.id")
    at: datetime

    __table_args__ = ({"sqlite_with_rowid": False},)


class Count(SQLModel, table=True):
    """How many sent interviews of a reporting unit say one thing about one item.

    ``kind`` is ``answered`` (``value`` empty: gave a valid answer), ``option`` (``value``: the option or
    number) or ``missing`` (``value``: the reason). Every sent interview counts once as answered or missing.
    ``split`` is empty where everybody is counted, else ``sex``, ``years`` or ``role``, and ``part`` those who
    are counted alone (``kvinna``); who told no part is in the unsplit count only. ``n`` is kept in the
    transaction that stores the result; ``shown`` is ``n`` when the unit last gained ``smallest_group``
    answers, and stays 0 in a split: an open wave shows none.
    """

    reporting_unit_id: int = Field(foreign_key="reportingunit.id", primary_key=True)
    split: str = Field(default="", primary_key=True)
    item: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(default="", primary_key=True)
    part: str = Field(default="", primary_key=True)
    n: int = 0
    shown: int = 0

    __table_args__ = ({"sqlite_with_rowid": False},)


class Release(SQLModel, table=True):
    """What was let out of a closed wave: the same for every manager, and never changed.

    ``canonical`` is JSON with every table as it may be shown, the rules, the hashes of what was asked and the
    version of the program. ``page`` is the same as a file to read, as it was rendered then. ``hash`` and
    ``page_hash`` are their SHA-256. A correction is a release of its own with the next ``number``.
    """

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    number: int
    at: datetime
    canonical: str
    hash: str
    page: bytes
    page_hash: str

    __table_args__ = (UniqueConstraint("wave_id", "number"),)


# --- What was printed ---------------------------------------------------------------------------------------


class PublishedFigure(SQLModel, table=True):
    """A printed figure or statement that cannot be rows of answers: words, approximations, registers.

    ``value`` is kept as printed; ``missing`` means that the report says it could not be determined.
    """

    id: str = Field(primary_key=True)
    review_id: int | None = Field(default=None, foreign_key="review.id", index=True)
    source: str
    year: int
    district: str = Field(index=True)
    method: str
    variable: str
    variable_en: str = ""
    item: str = ""
    base: int | None = None
    count: int | None = None
    value: str = ""
    unit: str = ""
    approximate: bool = False
    missing: bool = False
    quotation: str = ""
    note: str = ""


class AuditEntry(SQLModel, table=True):
    """Who saw, exported or changed what, by command or page. Never an answer, a name or an address."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str
    action: str
    target: str
