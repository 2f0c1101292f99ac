"""A private Redis for cache, queue and realtime: loopback only, behind a password, nothing on disk."""

from __future__ import annotations

import secrets

from tests.stack.processes import listening
from tests.stack.server import Server, program


class Redis(Server):
	name = "redis"

	@property
	def password(self) -> str:
		"""Jobs in the queue are pickles: whoever can write there runs code as the worker."""
		path = self.scratch / "run" / "redis.password"
		if not path.exists():
			path.touch(mode=0o600)
			path.write_text(secrets.token_hex(16))
		return path.read_text()

	def url(self, database: int = 0) -> str:
		return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

	def answers(self) -> bool:
		return listening(self.port)

	def command(self) -> list[str]:
		config = self.scratch / "run" / "redis.conf"
		config.touch(mode=0o600)
		config.write_text(
			f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
			f'save ""\nappendonly no\ndir {self.scratch / "run"}\n'
		)
		return [program("redis-server"), str(config)]
