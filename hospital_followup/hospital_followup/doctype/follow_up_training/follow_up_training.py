from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError


class FollowupTraining(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_training_participant.follow_up_training_participant import (
			FollowupTrainingParticipant,
		)

		amended_from: DF.Link | None
		company: DF.Data | None
		department: DF.Link | None
		held_on: DF.Date
		hours: DF.Float
		material: DF.Attach | None
		notes: DF.SmallText | None
		participants: DF.Table[FollowupTrainingParticipant]
		title: DF.Data
		topic: DF.Literal[
			"Follow-up Scripts",
			"Communication Skills",
			"Professional Knowledge",
			"Follow-up Standards",
			"Abnormal Findings",
			"Management",
			"Quality Control",
			"Data Analysis",
			"Other",
		]
		trainer: DF.Data | None
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_hours()
		self.validate_participants()

	def before_submit(self) -> None:
		if getdate(self.held_on) > getdate():
			frappe.throw(
				_("The training on {0} has not taken place yet. Submit it afterwards.").format(
					self.get_formatted("held_on")
				),
				InvalidPeriodError,
				title=_("Training in the Future"),
			)

	def validate_hours(self) -> None:
		if not 0 < flt(self.hours) <= 24:
			frappe.throw(
				_(
					"A training of {0} hours on one day is not possible. Enter more than 0 and at most 24."
				).format(self.hours),
				InvalidValueError,
				title=_("Hours"),
			)

	def validate_participants(self) -> None:
		seen: set[str] = set()
		for row in self.participants:
			if row.user in seen:
				frappe.throw(
					_("Row {0}: {1} is listed twice. Remove one of the rows.").format(
						row.idx, frappe.bold(row.user)
					),
					InvalidValueError,
					title=_("Participant Listed Twice"),
				)
			seen.add(row.user)
			row.check(self.held_on)
