"""Open a site inside the test process, as a request would find it: fresh locals, Administrator, no leftovers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.stack.isolation import Baseline
from tests.stack.stack import Stack
from tests.stack.warm_cache import WarmCache


class UnexpectedCommit(AssertionError):
	pass


@dataclass
class Site:
	"""One site of the stack with our app installed, and the means to put it back."""

	name: str
	stack: Stack
	baseline: Baseline
	cache: WarmCache

	@classmethod
	def open_first(cls, stack: Stack, name: str) -> Site:
		import frappe
		from frappe.model.dynamic_links import get_dynamic_link_map

		cache = WarmCache(stack)
		cache.clear()
		with connected(stack, name):
			for doctype in frappe.get_all("DocType", {"module": "Hospital Followup"}, pluck="name"):
				frappe.get_meta(doctype)
			get_dynamic_link_map()  # what cancelling any document reads: a hundred doctypes
			cache.take()
		site = cls(name, stack, Baseline(stack, name), cache)
		site.baseline.take()
		return site

	def reconnect(self) -> None:
		"""A new database connection with fresh locals, as the next request would have it."""
		import frappe

		frappe.destroy()
		frappe.init(site=self.name, sites_path=".")
		frappe.connect()

	@contextmanager
	def rolled_back(self) -> Iterator[Site]:
		"""For tests whose code never commits: everything happens in one transaction that is rolled back."""
		import frappe

		def refuse(*_args: object, **_kwargs: object) -> None:
			raise UnexpectedCommit("this test commits: mark it with @pytest.mark.commits")

		try:
			with connected(self.stack, self.name):
				frappe.db.commit = refuse
				yield self
				self.cache.adopt_metas()
				frappe.db.rollback()
		finally:
			self.cache.restore()

	@contextmanager
	def committed(self) -> Iterator[Site]:
		"""For tests that commit or use another process: afterwards every changed table is put back."""
		self.baseline.mark_dirty()
		try:
			with connected(self.stack, self.name):
				yield self
		finally:
			self.baseline.restore()
			self.cache.restore()


@contextmanager
def connected(stack: Stack, site: str) -> Iterator[None]:
	"""A Frappe connection with the working directory in sites/, which Frappe's logger relies on."""
	import frappe

	before = os.getcwd()
	os.chdir(stack.sites)
	try:
		frappe.init(site=site, sites_path=".")
		frappe.connect()
		yield
	finally:
		try:
			frappe.destroy()
		finally:
			os.chdir(before)
