"""Reason codes as sentences: the one place, for forms (through the boot info), the timeline and prints.

The engine speaks codes only. A text that is no code (the words of the person who stopped a plan) is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from hospital_followup.channels.telephony import telephony
from hospital_followup.services import message_words


def extend_bootinfo(bootinfo: frappe._dict) -> None:
	"""Hand the sentences to the desk, in the language of the session, and whether numbers can be called by a click."""
	bootinfo.followup_reasons = sentences()
	bootinfo.followup_click_to_call = telephony() is not None


def sentence(code: str | None) -> str:
	"""The sentence of one reason code; the text itself when it is no code; empty for nothing."""
	return sentences().get(code, code) if code else ""


def sentences_of(codes: str | Iterable[str] | None) -> list[str]:
	"""The sentences of several codes, given as a list or comma separated as tasks store them."""
	if isinstance(codes, str):
		codes = [code.strip() for code in codes.split(",")]
	return [sentence(code) for code in codes or () if code]


def sentences() -> dict[str, str]:
	"""Every reason code with its sentence in the language of the session."""
	return {
		**message_words.sentences(),
		**_tier(),
		**_contact(),
		**_exclusion(),
		**_task(),
		**_attempt(),
		**_message(),
		**_programme(),
	}


def _tier() -> dict[str, str]:
	return {
		"tier_given": _("The hospital gave the risk tier."),
		"tier_scored": _("The risk tier comes from the score."),
		"tier_rule": _("A tier rule of the hospital set the risk tier."),
		"tier_override": _("A clinician set the risk tier."),
		"tier_incomplete": _("Facts are missing for the score, so the risk tier was set on the safe side."),
		"tier_assumed": _("Nothing is known for a score, so the risk tier is assumed."),
		"value_given": _("The value tier was given."),
		"value_scored": _("The value tier comes from visits and spend."),
		"value_assumed": _("Too little is known, so the value tier is assumed to be Medium."),
		"clinical_floor": _("The clinical floor keeps these contacts whatever the value tier."),
	}


def _contact() -> dict[str, str]:
	return {
		"moved_working_day": _("Moved from a closed day to a working day."),
		"kept_on_closed_day": _("Stays on a closed day; whoever is on duty makes the contact."),
		"merged": _("Contacts that fell close together were joined into one."),
		"capped": _("Moved so that the patient is not contacted too often."),
		"late_discharge": _(
			"The discharge arrived late; the contact is due at once because its window is open."
		),
		"reanchored": _("Counted from the day on which the risk tier was raised."),
		"rescheduled": _("A person chose this day."),
		"brought_forward": _("Sooner than planned because of what the patient answered."),
		"preference": _("The patient prefers this channel."),
		"human_channel_kept": _(
			"The patient prefers a message, but a person makes the contact: high risk or special care."
		),
		"special_care": _("Chosen because the patient needs special care."),
		"fallback": _("The planned channel cannot be used for this patient, so this one takes its place."),
		"no_channel": _("No channel reaches the patient yet: a person finds a way by phone."),
	}


def _exclusion() -> dict[str, str]:
	return {
		"deceased": _("The patient has died."),
		"transferred": _("The patient was transferred to another hospital, which follows up."),
		"hospice": _("The patient is in hospice care."),
		"withdrawn": _("The patient does not want to be contacted."),
		"do_not_contact": _("The patient does not want to be contacted."),
		"readmitted": _("The patient was admitted again."),
		"moved_away": _("The patient moved to another hospital, as somebody said at a contact."),
		"patient_merged": _("The patient's record was merged into another one."),
		"discharge_cancelled": _("The discharge was cancelled."),
		"hold_out": _(
			"Held out by lot, so that the effect of follow-up can be measured; low risk, automatic messages only."
		),
		"windows_gone": _("The discharge arrived after the last contact window had closed."),
		"no_policy": _("No active follow-up policy covers this company, department and day."),
	}


def _task() -> dict[str, str]:
	return {
		"replanned": _("No longer part of the plan after planning again."),
		"pathway_ended": _("The pathway that asked for this contact has ended in this plan."),
		"paused": _("The window passed while the plan was paused."),
		"stopped": _("The plan was stopped."),
		"expired": _("The window closed without a contact."),
		"lost_to_follow_up": _("All attempts were used up without reaching anyone."),
		"no_reply": _("The messages were not answered."),
		"declined": _("The patient declined the contact."),
		"revisit_settled": _("The revisit has taken place, was cancelled, or has another day."),
		"not_planned_any_more": _("The plan was made again, and its pathways speak of this visit no more."),
		"no_revisit_date": _("The discharge names no revisit any more."),
		"log_cancelled": _("The contact that agreed on it was cancelled."),
		"nobody_knows": _("The day is long past, and nobody knows whether the patient came."),
		"self_report_needs_a_person": _("What the patient entered needs a person to call."),
		"patient_asked": _("The patient asked to be called."),
		"service_recovery": _("The patient was dissatisfied: listen, and put right what can be."),
	}


def _attempt() -> dict[str, str]:
	"""Why the next attempt is made then, with this person, in this way (engine/attempts.py, engine/attempt_times.py)."""
	return {
		"patient_number_dead": _("The patient's number leads nowhere."),
		"patient_attempts_used": _("All attempts with the patient were made."),
		"caregiver_number_dead": _("The caregiver's number leads nowhere."),
		"caregiver_attempts_used": _("All attempts with the caregiver were made."),
		"caregiver_next": _("The caregiver is next."),
		"next_channel": _("The next channel is tried."),
		"promised": _("The patient asked for this time."),
		"caller_chose": _("The caller chose this time."),
		"other_day": _("On another day than before."),
		"slot_tried_morning": _("The morning was tried already."),
		"slot_tried_afternoon": _("The afternoon was tried already."),
		"slot_tried_evening": _("The evening was tried already."),
		"same_day_again": _("The window leaves no other day."),
		"same_slot_again": _("The window leaves no other time of day."),
		"preferred_slot": _("The patient prefers this time of day."),
		"preferred_slot_tried": _("The time of day that the patient prefers was tried already."),
		"preferred_slot_full": _(
			"The time of day that the patient prefers does not come again in the window."
		),
		"spacing": _("Some hours lie between two attempts."),
		"next_call_hours": _("The next call hours."),
		"closed_day_avoided": _("Closed days are left out."),
		"last_day": _("It is the last day of the window."),
		"patient_time_zone": _("Counted on the patient's own clock."),
		"hospital_hours_gave_way": _(
			"Outside the hospital's call hours, because the patient lives in another time zone."
		),
		"window_ends": _("The window ends before another attempt is possible."),
		"number_corrected": _("The number was corrected, so the patient is tried anew."),
	}


def _message() -> dict[str, str]:
	"""Why a person makes a contact that a message was to make."""
	return {
		"no_consent": _("The patient has not agreed to messages on this channel."),
		"message_withdrawn": _("The patient does not want messages on this channel."),
		"no_address": _("No valid address for a message is known."),
		"channel_disabled": _("The channel is switched off in the settings."),
		"no_template": _("No approved message text fits this contact."),
		"no_provider": _("No message service is set up for this channel."),
		"no_questionnaire": _(
			"No approved questionnaire fits this contact, so there is nothing to ask by message."
		),
		"no_page_address": _("The settings have no address for the patient's own page."),
		"message_failed": _("The message could not be delivered."),
		"message_too_late": _("The message could not go out in time."),
		"message_uncertain": _("Nobody knows whether the message arrived."),
		"messages_unanswered": _("Several messages in a row were not answered."),
		"replied_in_words": _("The patient replied in words of their own; please read the reply."),
	}


def _programme() -> dict[str, str]:
	"""Where an enrolment in a programme stands."""
	return {
		"awaiting_consent": _("The patient has not been asked for consent to this programme yet."),
		"programme_refused": _("The patient does not want to take part in this programme."),
		"outgrown": _("The patient has outgrown the programme: it ends at this age."),
		"course_over": _("The last contact of the programme is over."),
		"enrolment_deleted": _("The enrolment was deleted."),
	}
