"""What an administrator may call about providers of messages and about the switch that lets messages out."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.services import go_live, go_live_summary, health, provider_settings, provider_trial

PROVIDER, SETTINGS = "Follow-up Provider", "Follow-up Settings"


@frappe.whitelist(methods=["GET", "POST"])
def provider_state(provider: str) -> dict[str, Any]:
	"""What is missing, where the service calls back, and to whom a test would go."""
	return provider_trial.state(_provider(provider))


@frappe.whitelist(methods=["POST"])
def send_test(provider: str, template: str | None = None) -> dict[str, Any]:
	"""Send a made-up message to the caller's own address; what the service answered."""
	return provider_trial.send(_provider(provider), template)


@frappe.whitelist(methods=["POST"])
def callback_address(provider: str) -> str:
	"""The address for the service's console, with its key: asked for when it is copied, and shown nowhere."""
	return provider_settings.callback_address_with_key(_provider(provider))


@frappe.whitelist(methods=["GET", "POST"])
def what_would_go_out() -> dict[str, Any]:
	"""What waits, and what is not in order, before sending is switched on."""
	_may_switch()
	return go_live_summary.summary()


@frappe.whitelist(methods=["POST"])
def switch_on_again() -> None:
	"""Send from here on, after a restore, a move or a new address: somebody has looked at what waits."""
	settings = _may_switch()
	go_live.switch_on()
	settings.add_comment("Info", _("Sending was switched on again"))
	health.forget()


def _provider(name: str) -> Document:
	doc = frappe.get_doc(PROVIDER, name)
	doc.check_permission("write")
	return doc


def _may_switch() -> Document:
	doc = frappe.get_doc(SETTINGS)
	doc.check_permission("write")
	return doc
