"""PostgreSQL and Valkey from PyPI wheels, so that one command runs the product anywhere.

``with servers(var_dir) as running: running.urls`` gives ``DATABASE_URL`` and ``REDIS_URL``. What
the environment names already is not started.
"""

from portal.embedded.places import EmbeddedProblem
from portal.embedded.servers import AlreadyRunning, Servers, scratch_servers, servers

__all__ = ["AlreadyRunning", "EmbeddedProblem", "Servers", "scratch_servers", "servers"]
