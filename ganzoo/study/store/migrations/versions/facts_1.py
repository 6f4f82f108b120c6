"""The four tables, and triggers that keep their facts."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "1", None

KEPT = ("studies", "participants", "answers", "events")
ASKED = "SELECT 1 FROM events WHERE participant = OLD.participant AND kind = 'deletion'"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "studies",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("design", sa.Text, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("study", sa.String(64), sa.ForeignKey("studies.name"), nullable=False),
        sa.Column("seat", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("deck", sa.BigInteger),
        sa.Column("eraser", sa.String(64), nullable=False),
        sa.UniqueConstraint("study", "seat"),
        sa.UniqueConstraint("study", "person"),
    )
    op.create_table(
        "answers",
        sa.Column("id", number, primary_key=True),
        sa.Column("participant", sa.String(32), sa.ForeignKey("participants.id"), nullable=False),
        sa.Column("trial", sa.Integer, nullable=False),
        sa.Column("attempt", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("slots", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("right", sa.Integer, nullable=False),
        sa.Column("judged", sa.Integer, nullable=False),
        sa.Column("rt_ms", sa.Float),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("measured", sa.Text, nullable=False),
        sa.UniqueConstraint("participant", "trial"),
    )
    op.create_table(
        "events",
        sa.Column("id", number, primary_key=True),
        sa.Column("study", sa.String(64), sa.ForeignKey("studies.name"), nullable=False),
        sa.Column("participant", sa.String(32), index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("once", sa.String(128), unique=True),
        sa.Column("detail", sa.Text, nullable=False),
    )
    (_sqlite if op.get_bind().dialect.name == "sqlite" else _postgresql)()


def _sqlite() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_never_change BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
        )
        unless = f"WHEN NOT EXISTS ({ASKED}) " if table in ("answers", "events") else ""
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} {unless}"
            f"BEGIN SELECT RAISE(ABORT, '{table} are never deleted unasked'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION facts_never_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({ASKED}) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% are never deleted unasked', TG_TABLE_NAME; END $$"
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_never_change BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION facts_never_change()"
        )
        stays = "facts_stay" if table in ("answers", "events") else "facts_never_change"
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {stays}()"
        )
