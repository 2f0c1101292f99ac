"""What a person may change in a message by saving it, in the form, a bulk edit or over REST.

Senders and receipts write past `Document.save`; for them the transitions are checked where they know the cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _, throw

from hospital_followup.engine.transitions import MESSAGE, allowed
from hospital_followup.exceptions import MessageTransitionError

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_message.follow_up_message import (
		FollowupMessage,
	)

#: What jobs write without touching `modified`, behind an open form: the stored value always wins.
KEPT_FIELDS = (
	"key",
	"reference",
	"provider",
	"provider_id",
	"provider_code",
	"tries",
	"tried_at",
	"sent_at",
	"delivered_at",
	"asked_at",
	"claim_id",
	"claimed_by",
	"claimed_until",
	"effects_due",
	"call_task",
)
#: What the message is; it was written for one cause and stays that.
FIXED_FIELDS = (
	"patient",
	"channel",
	"purpose",
	"occasion",
	"task",
	"plan",
	"revisit",
	"survey",
	"template",
	"subject",
	"body",
	"language",
	"recipient",
	"provider_template",
	"variables",
)


def check_saved_by_hand(doc: FollowupMessage) -> None:
	"""Keep to the table of transitions; a person settles what nobody knows, or holds back what waits."""
	before = doc.get_doc_before_save()
	if before is None:
		if doc.status != "Queued":
			_refuse(_("A new message begins as {0}.").format(_("Queued")))
		return
	for field in KEPT_FIELDS:
		doc.set(field, before.get(field))
	changed = [field for field in FIXED_FIELDS if (doc.get(field) or None) != (before.get(field) or None)]
	if changed:
		labels = ", ".join(_(doc.meta.get_label(field), context=doc.doctype) for field in changed)
		_refuse(_("{0} cannot be changed: the message was written for one occasion.").format(labels))
	if not allowed(MESSAGE, before.status, doc.status, "person"):
		_refuse(
			_(
				"A message does not go from {0} to {1} by hand. An uncertain one can be settled as sent or failed, a waiting one can be held back."
			).format(_(before.status, context=doc.doctype), _(doc.status, context=doc.doctype))
		)
	if doc.status != before.status:
		doc.status_reason = "by_hand"
		if doc.status == "Sent":
			doc.sent_at = before.tried_at


def _refuse(sentence: str) -> None:
	throw(sentence, MessageTransitionError, title=_("Message Not Changed"))
