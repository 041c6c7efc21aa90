"""The first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import protect, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "auditentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditentry")),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("hash", name=op.f("uq_form_hash")),
    )
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("hash", name=op.f("uq_instrument_hash")),
    )
    op.create_index(op.f("ix_instrument_code"), "instrument", ["code"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(op.f("ix_organisation_name"), "organisation", ["name"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("reference", name=op.f("uq_person_reference")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("title", name=op.f("uq_review_title")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    op.create_index(op.f("ix_address_person_id"), "address", ["person_id"], unique=False)
    op.create_index(
        "one_active_address_per_channel",
        "address",
        ["person_id", "channel"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "formpart",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_formpart_form_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instrument.id"], name=op.f("fk_formpart_instrument_id")),
        sa.PrimaryKeyConstraint("form_id", "position", name=op.f("pk_formpart")),
    )
    op.create_table(
        "organisationlink",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisationlink_organisation_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_organisationlink_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisationlink")),
    )
    op.create_index(
        op.f("ix_organisationlink_organisation_id"), "organisationlink", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_organisationlink_other_id"), "organisationlink", ["other_id"], unique=False)
    op.create_table(
        "organisationname",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisationname_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisationname")),
        sa.UniqueConstraint("alias", name=op.f("uq_organisationname_alias")),
    )
    op.create_index(
        op.f("ix_organisationname_organisation_id"), "organisationname", ["organisation_id"], unique=False
    )
    op.create_table(
        "publishedfigure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("variable", sa.String(), nullable=False),
        sa.Column("variable_en", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.Column("quotation", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_publishedfigure_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishedfigure")),
    )
    op.create_index(op.f("ix_publishedfigure_district"), "publishedfigure", ["district"], unique=False)
    op.create_index(op.f("ix_publishedfigure_review_id"), "publishedfigure", ["review_id"], unique=False)
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("promise", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("smallest_group", sa.Integer(), nullable=False),
        sa.Column("comment_threshold", sa.Integer(), nullable=False),
        sa.Column("doors", sa.JSON(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("pilot", sa.Boolean(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("contact_mail", sa.String(), nullable=False),
        sa.Column("information", sa.JSON(), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_wave_form_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_wave_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("review_id", "name", name=op.f("uq_wave_review_id_name")),
    )
    op.create_index(op.f("ix_wave_review_id"), "wave", ["review_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_note_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_wave_id"), "note", ["wave_id"], unique=False)
    op.create_table(
        "reportingunit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_reportingunit_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reportingunit")),
        sa.UniqueConstraint("wave_id", "label", name=op.f("uq_reportingunit_wave_id_label")),
    )
    op.create_index(op.f("ix_reportingunit_wave_id"), "reportingunit", ["wave_id"], unique=False)
    op.create_table(
        "staffing",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staffing_organisation_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_staffing_wave_id")),
        sa.PrimaryKeyConstraint("wave_id", "organisation_id", name=op.f("pk_staffing")),
    )
    op.create_table(
        "subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_subject_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_subject_person_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_subject_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint(
            "wave_id", "organisation_id", "number", name=op.f("uq_subject_wave_id_organisation_id_number")
        ),
    )
    op.create_index(op.f("ix_subject_person_id"), "subject", ["person_id"], unique=False)
    op.create_index(op.f("ix_subject_wave_id"), "subject", ["wave_id"], unique=False)
    op.create_table(
        "coding",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("coder", sa.String(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_coding_reporting_unit_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_coding_wave_id")),
        sa.PrimaryKeyConstraint("key", "item", "code", "coder", name=op.f("pk_coding")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_coding_wave_id"), "coding", ["wave_id"], unique=False)
    op.create_table(
        "count",
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_count_reporting_unit_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_count_wave_id")),
        sa.PrimaryKeyConstraint("reporting_unit_id", "item", "kind", "value", name=op.f("pk_count")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_count_wave_id"), "count", ["wave_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("in_service", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_invitation_reporting_unit_id")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_invitation_subject_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_invitation_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "wave_id", "subject_id", "part", name=op.f("uq_invitation_wave_id_subject_id_part")
        ),
    )
    op.create_index(
        op.f("ix_invitation_reporting_unit_id"), "invitation", ["reporting_unit_id"], unique=False
    )
    op.create_index(op.f("ix_invitation_wave_id"), "invitation", ["wave_id"], unique=False)
    op.create_table(
        "reportingunitmember",
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reportingunitmember_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_reportingunitmember_reporting_unit_id")
        ),
        sa.PrimaryKeyConstraint("reporting_unit_id", "organisation_id", name=op.f("pk_reportingunitmember")),
    )
    op.create_table(
        "result",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_result_reporting_unit_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_result_wave_id")),
        sa.PrimaryKeyConstraint("key", "item", "option", name=op.f("pk_result")),
        sqlite_with_rowid=False,
    )
    op.create_index("results_of_a_wave", "result", ["wave_id", "item"], unique=False)
    op.create_table(
        "textresult",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_textresult_reporting_unit_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_textresult_wave_id")),
        sa.PrimaryKeyConstraint("key", "item", name=op.f("pk_textresult")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_textresult_wave_id"), "textresult", ["wave_id"], unique=False)
    op.create_table(
        "accesstoken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_accesstoken_invitation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesstoken")),
        sa.UniqueConstraint("hash", name=op.f("uq_accesstoken_hash")),
    )
    op.create_index(op.f("ix_accesstoken_invitation_id"), "accesstoken", ["invitation_id"], unique=False)
    op.create_table(
        "information",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_information_invitation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information")),
    )
    op.create_index(op.f("ix_information_invitation_id"), "information", ["invitation_id"], unique=False)
    op.create_table(
        "interview",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("asking", sa.String(), nullable=False),
        sa.Column("adding", sa.Boolean(), nullable=False),
        sa.Column("last_shown", sa.String(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("result_key", sa.String(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_interview_form_id")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_interview_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_interview_reporting_unit_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_interview_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_interview_invitation_id")),
        sa.UniqueConstraint("result_key", name=op.f("uq_interview_result_key")),
    )
    op.create_index(op.f("ix_interview_wave_id"), "interview", ["wave_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_answer_interview_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_interview_id"), "answer", ["interview_id"], unique=False)
    op.create_index(
        "one_present_answer_per_item",
        "answer",
        ["interview_id", "item"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    protect()


def downgrade() -> None:
    """Bring the tables back."""
    unprotect()
    op.drop_index(
        "one_present_answer_per_item",
        table_name="answer",
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_answer_interview_id"), table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("ix_interview_wave_id"), table_name="interview")
    op.drop_table("interview")
    op.drop_index(op.f("ix_information_invitation_id"), table_name="information")
    op.drop_table("information")
    op.drop_index(op.f("ix_accesstoken_invitation_id"), table_name="accesstoken")
    op.drop_table("accesstoken")
    op.drop_index(op.f("ix_textresult_wave_id"), table_name="textresult")
    op.drop_table("textresult")
    op.drop_index("results_of_a_wave", table_name="result")
    op.drop_table("result")
    op.drop_table("reportingunitmember")
    op.drop_index(op.f("ix_invitation_wave_id"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_reporting_unit_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_count_wave_id"), table_name="count")
    op.drop_table("count")
    op.drop_index(op.f("ix_coding_wave_id"), table_name="coding")
    op.drop_table("coding")
    op.drop_index(op.f("ix_subject_wave_id"), table_name="subject")
    op.drop_index(op.f("ix_subject_person_id"), table_name="subject")
    op.drop_table("subject")
    op.drop_table("staffing")
    op.drop_index(op.f("ix_reportingunit_wave_id"), table_name="reportingunit")
    op.drop_table("reportingunit")
    op.drop_index(op.f("ix_note_wave_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_wave_review_id"), table_name="wave")
    op.drop_table("wave")
    op.drop_index(op.f("ix_publishedfigure_review_id"), table_name="publishedfigure")
    op.drop_index(op.f("ix_publishedfigure_district"), table_name="publishedfigure")
    op.drop_table("publishedfigure")
    op.drop_index(op.f("ix_organisationname_organisation_id"), table_name="organisationname")
    op.drop_table("organisationname")
    op.drop_index(op.f("ix_organisationlink_other_id"), table_name="organisationlink")
    op.drop_index(op.f("ix_organisationlink_organisation_id"), table_name="organisationlink")
    op.drop_table("organisationlink")
    op.drop_table("formpart")
    op.drop_index(
        "one_active_address_per_channel",
        table_name="address",
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_index(op.f("ix_address_person_id"), table_name="address")
    op.drop_table("address")
    op.drop_table("user_account")
    op.drop_table("review")
    op.drop_table("person")
    op.drop_index(op.f("ix_organisation_name"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_instrument_code"), table_name="instrument")
    op.drop_table("instrument")
    op.drop_table("form")
    op.drop_table("auditentry")
