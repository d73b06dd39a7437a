"""The outbox's states, addresses that bounced, wording of letters, calendar feeds, imports from spreadsheets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.kernel.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_text",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_letter_text_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_letter_text")),
        sa.UniqueConstraint(
            "tenant_id",
            "key",
            "language",
            "number",
            name=op.f("uq_letter_text_tenant_id_key_language_number"),
        ),
    )
    op.create_table(
        "suppressed_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("since", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("lifted_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_suppressed_address_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suppressed_address")),
        sa.UniqueConstraint("tenant_id", "address", name=op.f("uq_suppressed_address_tenant_id_address")),
    )
    op.create_table(
        "import_run",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("owners", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("ended_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_import_run_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_import_run_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("tenant_id", "form_token", name=op.f("uq_import_run_tenant_id_form_token")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index("ix_import_run_edition", ["tenant_id", "edition_id", "at"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", core.kernel.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("ended_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["account.tenant_id", "account.id"],
            name=op.f("fk_calendar_feed_tenant_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_calendar_feed_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_calendar_feed_tenant_id_digest")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_feed_account", ["tenant_id", "account_id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("data", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("errors", core.kernel.types.JsonDoc(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("entry_ref", sa.String(length=20), nullable=True),
        sa.Column("made_at", core.kernel.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["import_run.tenant_id", "import_run.id"],
            name=op.f("fk_import_row_tenant_id_run_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_import_row_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_row")),
        sa.UniqueConstraint(
            "tenant_id", "run_id", "number", name=op.f("uq_import_row_tenant_id_run_id_number")
        ),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_entry", ["tenant_id", "entry_ref"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=5), nullable=True))

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("html", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=5), nullable=False, server_default="vi"))
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("about", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("next_try_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("lease_until", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("lapses_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("error", sa.String(length=500), nullable=True))
        batch_op.add_column(
            sa.Column("bounced_at", core.kernel.types.UtcInstant(timezone=True), nullable=True)
        )
        batch_op.create_index("ix_mail_about", ["tenant_id", "about"], unique=False)
        batch_op.create_index("ix_mail_state", ["tenant_id", "state", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_state")
        batch_op.drop_index("ix_mail_about")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("error")
        batch_op.drop_column("lapses_at")
        batch_op.drop_column("lease_until")
        batch_op.drop_column("next_try_at")
        batch_op.drop_column("tries")
        batch_op.drop_column("is_open")
        batch_op.drop_column("about")
        batch_op.drop_column("kind")
        batch_op.drop_column("language")
        batch_op.drop_column("html")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_entry")

    op.drop_table("import_row")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_feed_account")

    op.drop_table("calendar_feed")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index("ix_import_run_edition")

    op.drop_table("import_run")
    op.drop_table("suppressed_address")
    op.drop_table("letter_text")
