"""The address of the patient's own page: one small document of ours, without Frappe's website around it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils.jinja_globals import bundled_asset
from frappe.website.page_renderers.base_renderer import BaseRenderer

from hospital_followup import __version__
from hospital_followup.services import page_state
from hospital_followup.services.page_links import PATH

#: The page is nobody's to keep, to find or to frame, and it tells no other site where its reader came from.
HEADERS = {
	"Cache-Control": "no-store",
	"Referrer-Policy": "no-referrer",
	"X-Robots-Tag": "noindex, nofollow, noarchive",
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "DENY",
	"Content-Security-Policy": (
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	),
	"Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class PatientPage(BaseRenderer):
	"""Renders `/follow-up`. Who is meant stands behind the #, which never reaches a server."""

	def can_render(self) -> bool:
		return self.path == PATH

	def render(self) -> Any:
		language = page_state.language_of(None, frappe.local.lang)
		frame = page_state.closed(language)
		html = frappe.get_template("hospital_followup/templates/patient_page.html").render(
			{**frame, "version": __version__, "script": bundled_asset("patient_page.bundle.js")}
		)
		return self.build_response(html, headers=HEADERS)
