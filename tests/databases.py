"""Databases for tests: each one fresh, cloned from a template that was migrated once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from api.embedded import EmbeddedPostgres
from projections.database import migrate

TEMPLATE = "template_gesta"
ADMINISTRATION = "postgres"
numbers = itertools.count(1)


def make_template(postgres: EmbeddedPostgres) -> None:
    """Make and migrate the database that the others are cloned from."""
    administer(postgres, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    migrate(postgres.conninfo(TEMPLATE))


@contextmanager
def fresh_database(postgres: EmbeddedPostgres, template: str = TEMPLATE) -> Iterator[str]:
    """A database with the whole schema and no rows, as a connection string; dropped at the end."""
    name = f"test_{next(numbers)}"
    administer(postgres, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield postgres.conninfo(name)
    finally:
        administer(postgres, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def administer(postgres: EmbeddedPostgres, statement: sql.Composed) -> None:
    """Run a statement about databases, outside of any of them."""
    with psycopg.connect(postgres.conninfo(ADMINISTRATION), autocommit=True) as connection:
        connection.execute(statement)
