from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from hospital_followup.exceptions import InvalidValueError

BEST = 5
SCORE_OF_GROUP = {"Script": "script_score", "Content": "content_score", "Feedback": "feedback_score"}


class QualityReview(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.quality_review_criterion.quality_review_criterion import (
			QualityReviewCriterion,
		)

		amended_from: DF.Link | None
		coaching_note: DF.SmallText | None
		company: DF.Data | None
		content_score: DF.Percent
		criteria: DF.Table[QualityReviewCriterion]
		department: DF.Link | None
		feedback_score: DF.Percent
		log: DF.Link
		patient: DF.Link | None
		reviewed_on: DF.Date
		reviewer: DF.Link
		sampled_because: DF.Literal["Weekly Sample", "New Staff", "Alert", "Complaint", "Chosen by Reviewer"]
		script_score: DF.Percent
		staff: DF.Link | None
		staff_name: DF.Data | None
		total: DF.Percent
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_own_calls()
		self.validate_weights()
		self.compute_scores()

	def refuse_own_calls(self) -> None:
		if self.staff and self.staff == self.reviewer:
			frappe.throw(
				_("{0} made this call. Somebody else has to review it.").format(frappe.bold(self.reviewer)),
				InvalidValueError,
				title=_("Own Call"),
			)

	def validate_weights(self) -> None:
		for row in self.criteria:
			if flt(row.weight) <= 0:
				frappe.throw(
					_(
						"Row {0}: the weight must be more than 0. Leave the score empty when a criterion does not apply."
					).format(row.idx),
					InvalidValueError,
					title=_("Weight"),
				)

	def compute_scores(self) -> None:
		"""Percent of what could be reached, weighted; a criterion without score does not count."""
		scored = [row for row in self.criteria if row.score not in (None, "")]
		for group, field in SCORE_OF_GROUP.items():
			self.set(field, weighted_percent([row for row in scored if row.group == group]))
		self.total = weighted_percent(scored)


def weighted_percent(rows) -> float:
	"""0-100; 0 when nothing was scored."""
	reachable = sum(row.weight for row in rows) * BEST
	return 100 * sum(row.weight * int(row.score) for row in rows) / reachable if reachable else 0
