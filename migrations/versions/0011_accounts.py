"""Ways into an account: telephone numbers, second factor, recovery codes, proofs, codes that belong to a browser"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet

from core.kernel.config import read_config
from core.kernel.security import cipher_of
from core.kernel.types import EncryptedText, UtcInstant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


_NOT_NULL, _NULL = "email VARCHAR(254) NOT NULL", "email VARCHAR(254)"


def upgrade() -> None:
    _let_email_be_missing(missing=True)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("account", "phone", type_=sa.Text(), existing_type=sa.String(20))
    _rewrite_phones(lambda cipher, value: cipher.encrypt(value.encode()).decode())
    op.add_column("account", sa.Column("phone_digest", sa.String(length=64), nullable=True))
    op.create_index("ux_account_phone_digest", "account", ["tenant_id", "phone_digest"], unique=True)
    _owned(
        "sms",
        sa.Column("recipient", EncryptedText("sms"), nullable=False),
        sa.Column("text", EncryptedText("sms"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", UtcInstant(timezone=True), nullable=False),
        sa.Column("sent_at", UtcInstant(timezone=True), nullable=True),
    )
    op.create_index("ix_sms_at", "sms", ["tenant_id", "at"])
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proved_at", UtcInstant(timezone=True), nullable=True))
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries_elsewhere", sa.Integer(), nullable=False, server_default="3"))
        batch_op.add_column(sa.Column("asked_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("asked_from", sa.String(length=70), nullable=False, server_default=""))
    _owned(
        "second_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret", EncryptedText("second-factor"), nullable=False),
        sa.Column("started_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("confirmed_at", UtcInstant(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _key("second_factor", "account_id", "account"),
        _unique("second_factor", "account_id"),
    )
    _owned(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("used_at", UtcInstant(timezone=True), nullable=True),
        _key("recovery_code", "account_id", "account"),
        _unique("recovery_code", "account_id", "digest"),
    )
    _owned(
        "linked_identity",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("linked_at", UtcInstant(timezone=True), nullable=False),
        _key("linked_identity", "account_id", "account"),
        _unique("linked_identity", "digest"),
    )
    op.create_index("ix_linked_identity_account", "linked_identity", ["tenant_id", "account_id"])
    _owned(
        "passkey",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("made_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("used_at", UtcInstant(timezone=True), nullable=True),
        _key("passkey", "account_id", "account"),
        _unique("passkey", "digest"),
    )
    op.create_index("ix_passkey_account", "passkey", ["tenant_id", "account_id"])
    _organisations()


def _organisations() -> None:
    _owned(
        "organisation",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("made_at", UtcInstant(timezone=True), nullable=False),
    )
    _owned(
        "membership",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("is_steward", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("left_at", UtcInstant(timezone=True), nullable=True),
        _key("membership", "organisation_id", "organisation"),
        _key("membership", "account_id", "account"),
        _unique("membership", "organisation_id", "account_id"),
    )
    op.create_index("ix_membership_account", "membership", ["tenant_id", "account_id"])
    _owned(
        "officer_invitation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("sent_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("expires_at", UtcInstant(timezone=True), nullable=False),
        sa.Column("used_at", UtcInstant(timezone=True), nullable=True),
        _key("officer_invitation", "organisation_id", "organisation"),
        _unique("officer_invitation", "organisation_id", "email"),
    )
    op.create_index("ix_officer_invitation_email", "officer_invitation", ["tenant_id", "email"])
    _owned(
        "entry_organisation",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", UtcInstant(timezone=True), nullable=False),
        _key("entry_organisation", "entry_id", "entry"),
        _key("entry_organisation", "organisation_id", "organisation"),
        _unique("entry_organisation", "entry_id"),
    )
    op.create_index(
        "ix_entry_organisation_organisation", "entry_organisation", ["tenant_id", "organisation_id"]
    )


TABLES = (
    "entry_organisation",
    "officer_invitation",
    "membership",
    "organisation",
    "passkey",
    "linked_identity",
    "recovery_code",
    "second_factor",
    "sms",
)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        for column in ("asked_from", "asked_by", "tries_elsewhere"):
            batch_op.drop_column(column)
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("proved_at")
    op.drop_index("ux_account_phone_digest", "account")
    op.drop_column("account", "phone_digest")
    _rewrite_phones(lambda cipher, value: cipher.decrypt(value.encode()).decode())
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("account", "phone", type_=sa.String(20), existing_type=sa.Text())
    _let_email_be_missing(missing=False)


def _let_email_be_missing(*, missing: bool) -> None:
    """Drop NOT NULL from `account.email`, or put it back (which fails while an account has no address).

    SQLite has no statement for it. Making the table anew would break the keys that point at it, so its text is edited:
    the procedure that SQLite gives for changes that leave the rows alone (lang_altertable.html, section 7).
    """
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.alter_column("account", "email", nullable=missing, existing_type=sa.String(254))
        return
    if not missing and bind.execute(sa.text("select 1 from account where email is null limit 1")).first():
        raise RuntimeError("accounts without an address of mail cannot be kept by the older version")
    before, after = (_NOT_NULL, _NULL) if missing else (_NULL, _NOT_NULL)
    version = bind.execute(sa.text("pragma schema_version")).scalar_one()
    bind.execute(sa.text("pragma writable_schema = on"))
    edit = sa.text(
        "update sqlite_schema set sql = replace(sql, :before, :after) where type = 'table' and name = 'account'"
    )
    bind.execute(edit, {"before": before, "after": after})
    bind.execute(sa.text(f"pragma schema_version = {version + 1}"))
    bind.execute(sa.text("pragma writable_schema = off"))
    column = next(one for one in sa.inspect(bind).get_columns("account") if one["name"] == "email")
    if column["nullable"] is not missing:
        raise RuntimeError("the column account.email could not be changed")


def _rewrite_phones(rewrite: Callable[[Fernet, str], str]) -> None:
    """Encrypt or decrypt the telephone numbers under the installation's secret, which the application reads too."""
    bind = op.get_bind()
    if (
        bind.dialect.name == "postgresql"
    ):  # the wall between tenants stands before the owner of the tables too
        bind.execute(sa.text("select set_config('app.tenant', '*', true)"))
    rows = bind.execute(sa.text("select tenant_id, id, phone from account where phone is not null")).all()
    if not rows:
        return
    cipher = cipher_of(read_config().secret_key, "column:phone")
    change = sa.text("update account set phone = :phone where tenant_id = :tenant and id = :id")
    for tenant, key, phone in rows:
        bind.execute(change, {"phone": rewrite(cipher, phone), "tenant": tenant, "id": key})


def _owned(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table of a tenant's: its key and its tenant, then `parts`."""
    op.create_table(
        table,
        *parts,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        initially="DEFERRED",
        deferrable=True,
    )


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    name = "_".join(("tenant_id", *columns))
    return sa.UniqueConstraint("tenant_id", *columns, name=op.f(f"uq_{table}_{name}"))
