"""How often, when and by whom a discharge is followed up, for every pair of risk and value tier."""

from typing import ClassVar

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from hospital_followup.exceptions import InvalidPeriodError, PolicyMatrixError
from hospital_followup.services import policies
from hospital_followup.services.policy_check import matrix_problems
from hospital_followup.services.versions import LIFE_FIELDS, VersionedDocument


class FollowupPolicy(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_policy_rule.follow_up_policy_rule import (
			FollowupPolicyRule,
		)

		activated_by: DF.Link | None
		activated_on: DF.Datetime | None
		company: DF.Data | None
		department: DF.Link | None
		notes: DF.SmallText | None
		previous_version: DF.Link | None
		rules: DF.Table[FollowupPolicyRule]
		status: DF.Literal["Draft", "Active", "Retired"]
		title: DF.Data
		valid_from: DF.Date | None
		valid_to: DF.Date | None
		version: DF.Int
		workflow_state: DF.Link | None
	# end: auto-generated types

	life_fields: ClassVar[frozenset[str]] = LIFE_FIELDS | {"valid_to", "activated_on", "activated_by"}

	def validate(self) -> None:
		policies.follow_workflow(self)
		super().validate()
		policies.check_step(self)
		self.validate_period()
		self.validate_matrix()
		policies.check_capacity(self)
		self.stamp_activation()

	def on_update(self) -> None:
		policies.after_save(self)

	def validate_period(self) -> None:
		if self.valid_from and self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("The policy ends before it begins. Please correct “{0}” or “{1}”.").format(
					_("Valid From"), _("Valid To")
				),
				InvalidPeriodError,
				title=_("Dates Do Not Fit"),
			)

	def validate_matrix(self) -> None:
		"""A draft may be unfinished and only says so; nothing unfinished becomes active."""
		problems = matrix_problems(self)
		if not problems or self.status == "Retired":
			return
		if self.status == "Active":
			frappe.throw(problems, PolicyMatrixError, title=_("The Matrix Is Not Complete"), as_list=True)
		frappe.msgprint(
			problems, title=_("Before This Draft Can Become Active"), as_list=True, indicator="orange"
		)

	def stamp_activation(self) -> None:
		if self.status == "Active" and self.has_value_changed("status"):
			self.activated_on, self.activated_by = now_datetime(), frappe.session.user
