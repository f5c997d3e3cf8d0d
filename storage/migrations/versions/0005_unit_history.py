"""第五版：单位的撤并。

修订：0005
上一版：0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.add_column(sa.Column('former_names', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('merged_into', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('staff_count', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_column('staff_count')
        batch_op.drop_column('merged_into')
        batch_op.drop_column('former_names')
