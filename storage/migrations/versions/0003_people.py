"""第三版：移交、停用、密码重置。

修订：0003
上一版：0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standing_checks",
        sa.Column("quarter", sa.String(length=10), nullable=False),
        sa.Column("qq", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("quarter", "qq", name=op.f("pk_standing_checks")),
    )
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("qq", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=False),
        sa.Column("name_sealed", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["units.code"], name=op.f("fk_password_resets_unit_code_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("key", name=op.f("uq_password_resets_key")),
    )
    with op.batch_alter_table("password_resets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_resets_qq"), ["qq"], unique=False)
        batch_op.create_index(batch_op.f("ix_password_resets_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_password_resets_unit_code"), ["unit_code"], unique=False)

    with op.batch_alter_table("administrators", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("frozen_reason", sa.String(length=100), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("frozen_unit", sa.String(length=32), server_default="", nullable=False))
    # 以前登记的人登记时都确认过职责
    op.execute("UPDATE administrators SET pledged_at = registered_at")

    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handed_from", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.drop_column("handed_from")

    with op.batch_alter_table("administrators", schema=None) as batch_op:
        batch_op.drop_column("frozen_unit")
        batch_op.drop_column("frozen_reason")
        batch_op.drop_column("ended_at")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("pledged_at")

    with op.batch_alter_table("password_resets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_resets_unit_code"))
        batch_op.drop_index(batch_op.f("ix_password_resets_state"))
        batch_op.drop_index(batch_op.f("ix_password_resets_qq"))

    op.drop_table("password_resets")
    op.drop_table("standing_checks")
