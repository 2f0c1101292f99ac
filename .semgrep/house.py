# What each rule of house.yml finds (ruleid) and lets pass (ok). Run: semgrep --test .semgrep
# ruleid: engine-knows-no-frappe
import frappe

# ruleid: engine-knows-no-frappe
from frappe import _

# ruleid: engine-knows-no-frappe
from frappe.utils import getdate


@frappe.whitelist()
# ruleid: whitelisted-arguments-are-annotated
def bare(task):
	return task


@frappe.whitelist(methods=["POST"])
# ruleid: whitelisted-arguments-are-annotated
def half(task: str, outcome=None):
	return task, outcome


@frappe.whitelist(methods=["POST"])
# ok: whitelisted-arguments-are-annotated
def annotated(task: str, outcome: str | None = None) -> None:
	return None


# ok: whitelisted-arguments-are-annotated
def of_our_own(task):
	return task


# ruleid: translated-at-call-time
TITLE = _("Discharge")


def sentences(name):
	# ruleid: translated-sentence-is-a-literal
	_(f"Task {name} is done")
	# ruleid: translated-sentence-is-a-literal
	_("Task {0} is done".format(name))
	# ruleid: translated-sentence-is-a-literal
	_("Task %s is done" % name)
	# ok: translated-sentence-is-a-literal
	_("Task {0} is done").format(name)
	# ok: translated-at-call-time
	title = _("Discharge")
	return title


def rows(name):
	# ruleid: sql-is-built-by-the-query-builder
	frappe.db.sql(f"select 1 from tabUser where name = '{name}'")
	# ok: sql-is-built-by-the-query-builder
	frappe.db.sql("select 1 from tabUser where name = %s", (name,))
	# ruleid: rows-come-in-a-named-order
	frappe.get_all("User", limit=5)
	# ok: rows-come-in-a-named-order
	frappe.get_all("User", limit=5, order_by="creation")
	# ok: rows-come-in-a-named-order
	frappe.get_all("User")


def failures(template):
	# ruleid: locals-are-not-logged
	frappe.log_error("it failed")
	# ruleid: templates-are-sandboxed
	frappe.render_template(template, {})
