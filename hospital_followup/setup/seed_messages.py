"""The messages a hospital starts with: one file per occasion, every channel in every language that the app ships.

On a site without any they begin as approved, so that the dry run shows something; a hospital that has templates of its
own gets what is missing as drafts. Known by occasion, purpose, channel and language: whoever wrote their own keeps it.
"""

from __future__ import annotations

from typing import Any

import frappe

from hospital_followup.services.message_texts import TEMPLATE
from hospital_followup.setup.content import FOLDER, shipped

CHANNELS = {
	"SMS": {"zh": "短信", "en": "text message"},
	"WeChat": {"zh": "微信", "en": "WeChat"},
	"Email": {"zh": "邮件", "en": "email"},
	"App Push": {"zh": "推送", "en": "app"},
}
TITLES = {"zh": "{0}（{1}）", "en": "{0} ({1})"}


def seed_messages() -> None:
	"""Insert every shipped template whose place is empty on this site."""
	first = not frappe.db.count(TEMPLATE)
	known = set(
		frappe.get_all(
			TEMPLATE,
			fields=["occasion", "purpose", "channel", "language"],
			order_by="name",
			as_list=True,
		)
	)
	for values in shipped_messages():
		place = tuple(values[field] for field in ("occasion", "purpose", "channel", "language"))
		if place in known or not frappe.db.exists("Language", values["language"], cache=True):
			continue
		doc = frappe.get_doc({"doctype": TEMPLATE, **values}).insert()
		if first:
			# Written past the form: nobody is there to approve.
			doc.db_set("status", "Approved")


def shipped_messages() -> list[dict[str, Any]]:
	"""Every shipped template as the values of a document."""
	found = []
	for path in sorted((FOLDER / "messages").glob("*.json")):
		outline = shipped(f"messages/{path.stem}")
		for channel, texts in outline["texts"].items():
			for language, text in texts.items():
				title = TITLES[language].format(outline["title"][language], CHANNELS[channel][language])
				found.append(
					{
						"occasion": outline["occasion"],
						"purpose": outline["purpose"],
						"channel": channel,
						"language": language,
						"title": title,
						"subject": text.get("subject"),
						"body": "\n".join(text["body"]),
					}
				)
	return found
