"""How often somebody without a sign-in has called, counted in Redis for a while.

Without Redis nobody is counted and nobody turned away: tokens and signatures stand between a stranger and the patients.
"""

from __future__ import annotations

import hashlib

import frappe
from redis.exceptions import RedisError


def count(what: str, who: object, seconds: int) -> int:
	"""Count one call of `who` and return how many it were since the first, which is forgotten after `seconds`; 0 without Redis.

	Only a hash of `who` is kept.
	"""
	mark = hashlib.sha256(str(who).encode("utf-8", "replace")).hexdigest()[:32]
	key = frappe.cache.make_key(f"{what}:{mark}")
	try:
		together = frappe.cache.pipeline()
		# A counter that was made without its end would never end.
		together.set(key, 0, ex=seconds, nx=True)
		together.incrby(key, 1)
		return int(together.execute()[-1])
	except RedisError:
		frappe.logger("hospital_followup").warning("%s: calls are not counted", what)
		return 0
