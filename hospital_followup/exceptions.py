"""What can go wrong, as one small tree: every refusal of this app is a FollowupError."""

from __future__ import annotations

import frappe


class FollowupError(frappe.ValidationError):
	"""Base of every refusal of this app; its message says what, where and what to do."""


class InvalidValueError(FollowupError):
	"""One field holds something that cannot be meant."""


class InvalidPeriodError(FollowupError):
	"""Two dates are in the wrong order, or a date is where it cannot be."""


class DuplicateRecordError(FollowupError):
	"""The record exists already; the message names it."""


class VersionLockedError(FollowupError):
	"""A version that is or was in use would be altered."""


class PolicyMatrixError(FollowupError):
	"""The matrix of a policy has holes, overlaps or impossible numbers."""


class PolicyTransitionError(FollowupError):
	"""A policy may not go from its status to the one asked for."""


class ClosedCalendarError(FollowupError):
	"""A calendar without a single working day."""


class TierError(FollowupError):
	"""A tier cannot be changed as asked."""


class PlanningError(FollowupError):
	"""A discharge cannot be planned as things stand; `code` is what the discharge shows as its reason."""

	code = "planning_failed"


class NoActivePolicyError(PlanningError):
	"""No active policy covers the company, department and day of a discharge."""

	code = "no_policy"


class PlanTransitionError(FollowupError):
	"""A plan may not go from its status to the one asked for."""


class EnrolmentError(FollowupError):
	"""A patient cannot be enrolled in a programme, or an enrolment cannot be moved, as asked."""


class TaskTransitionError(FollowupError):
	"""A task may not go from its status to the one asked for, or not in this way."""


class TaskClaimedError(FollowupError):
	"""Somebody else is on the phone with the patient."""


class MessageTransitionError(FollowupError):
	"""A message may not go from its status to the one asked for, or not in this way."""


class AlertError(FollowupError):
	"""An alert may not go from its status to the one asked for, or not in this way."""


class RescheduleError(FollowupError):
	"""A contact cannot be moved to the day asked for."""


class LogError(FollowupError):
	"""A contact cannot be recorded as it was entered."""


class BookingError(FollowupError):
	"""A visit cannot be booked as asked: the time is taken, or there is no diary for this patient."""


class TelephonyError(FollowupError):
	"""The telephone system did not make the call."""


class AssignmentError(FollowupError):
	"""Work cannot be handed to this person."""


class SourceError(FollowupError):
	"""Another app's document cannot be read as a patient or a stay."""


class RunFailedError(FollowupError):
	"""A background run ended early; its Follow-up Run says how far it came."""


class ConcurrentWriteError(FollowupError):
	"""Somebody else has written the same record since this transaction began, and it cannot see that; to be tried again."""

	code = "concurrent_write"


class TemplateError(FollowupError):
	"""A text with placeholders holds something that is none, or that may not stand where it does."""


class ReviewDateError(FollowupError):
	"""A text is approved without the day on which somebody looks at it again, or with a day that has passed."""


class ResearchExportError(FollowupError):
	"""A research export cannot be started as things stand."""


class RequesterError(ResearchExportError):
	"""Whoever asked for a research export is gone, disabled or may not have one any more."""

	code = "requester_not_permitted"


class ErasureError(FollowupError):
	"""A patient cannot be erased as things stand, or was erased and cannot be changed any more."""


class TrialError(FollowupError):
	"""A provider cannot be tried out as things stand."""


class SimulationGoneError(FollowupError):
	"""A simulation whose answer is not kept any more, or that somebody else asked for."""


class OverCapacityError(FollowupError):
	"""What is to come into force makes more work than the people who are there can do."""
