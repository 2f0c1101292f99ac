"""How the sites of the base image are made: `bench new-site`, `install-app`, the setup wizard."""

from __future__ import annotations

from pathlib import Path

from tests.stack.bench import Bench
from tests.stack.mariadb import MariaDB
from tests.stack.overlay import configure, environment, lay_bench, lay_environment
from tests.stack.processes import run
from tests.stack.redis_server import Redis
from tests.stack.scratch import say

SITES = {"plain": "plain.test", "erpnext": "erpnext.test", "health": "health.test"}
APP_OF = {"plain": "frappe", "erpnext": "erpnext", "health": "healthcare"}
ADMIN_PASSWORD = "admin"
WIZARD = Path(__file__).parent / "scripts" / "setup_wizard.py"


def prepare_sites(bench: Bench, scratch: Path) -> None:
	"""One site per variant, each starting from the one before; ends with the database stopped.

	``backups/<variant>.sql`` is each site as it was finished, to make more of its kind.
	"""
	env = environment(scratch)
	python = lay_environment(bench, scratch)
	lay_bench(bench, scratch)
	database = MariaDB(scratch, env)
	database.initialise()
	database.start()
	database.secure()
	redis = Redis(scratch, env)
	redis.start()
	configure(scratch, db_host="127.0.0.1", db_port=database.port)
	configure(scratch, redis_cache=redis.url(0), redis_queue=redis.url(1), redis_socketio=redis.url(1))
	(scratch / "backups").mkdir()
	frappe = [str(python), "-m", "frappe.utils.bench_helper", "frappe"]
	sites = scratch / "bench" / "sites"
	before_wizard = None
	for variant in bench.variants:
		site, app = SITES[variant], APP_OF[variant]
		new_site = ["new-site", site, "--db-name", f"hf_{variant}", "--admin-password", ADMIN_PASSWORD]
		new_site += ["--db-root-password", database.password]
		new_site += ["--source-sql", str(before_wizard)] if before_wizard else []
		new_site += ["--install-app", app] if app != "frappe" else []
		run([*frappe, *new_site], env=env, cwd=sites, what=f"bench new-site {site}")
		before_wizard = scratch / f"{variant}.sql"
		database.dump(f"hf_{variant}", before_wizard)
		run([str(python), str(WIZARD), site], env=env, cwd=sites, what=f"setup wizard of {site}")
		database.dump(f"hf_{variant}", scratch / "backups" / f"{variant}.sql")
		say(f"prepared {site}")
	redis.stop()
	database.stop()
