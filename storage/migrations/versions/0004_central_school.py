"""第四版：教学点挂靠中心校。

修订：0004
上一版：0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.add_column(sa.Column('central_school_code', sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f('ix_units_central_school_code'), ['central_school_code'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_units_central_school_code'))
        batch_op.drop_column('central_school_code')
