"""Alembic runs this file: it uses the connection that the store hands it."""

from alembic import context

from ganzoo.study.store.facts import FACTS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=FACTS,
    transactional_ddl=False,  # the store began the transaction and ends it
)
context.run_migrations()
