"""What became of a message, and why, as sentences."""

from __future__ import annotations

from frappe import _


def sentences() -> dict[str, str]:
	"""Reason codes of Follow-up Message with their sentences in the language of the session."""
	return {**_waiting(), **_void(), **_answers(), **_unclear()}


def _waiting() -> dict[str, str]:
	return {
		"not_live": _("Dry run: nothing is sent to patients before an administrator switches on Go Live."),
		"quiet_hours": _("It is night where the patient is; the message waits for a decent hour."),
		"day_cap": _("The patient has had enough messages for one day."),
		"week_cap": _("The patient has had enough messages in seven days."),
		"provider_down": _("The message service does not answer at present; it is tried again later."),
		"plan_paused": _("The follow-up plan is paused."),
		"unreadable": _("The message could not be put together: its text or its variables are damaged."),
		"no_link": _("The settings have no public address for the link to the patient's page."),
		"try_again": _("The service did not take the message; it is tried again."),
	}


def _void() -> dict[str, str]:
	return {
		"expired": _("Its time was over before it could go out."),
		"deceased": _("The patient has died."),
		"do_not_contact": _("The patient is not to be contacted."),
		"plan_stopped": _("The follow-up plan was stopped."),
		"contact_closed": _("The contact that it was for is settled."),
		"withdrawn": _("The patient does not want messages on this channel."),
		"by_hand": _("An administrator decided so."),
	}


def _answers() -> dict[str, str]:
	return {
		"no_such_number": _("The service says that there is no such number."),
		"bad_address": _("The service knows no such number or account."),
		"opted_out": _("The service says that this person refuses messages."),
		"not_wanted": _("The service says that this person does not want this kind of message."),
		"content": _("The service does not take this text."),
		"template": _("The service does not know the template, or has not approved it."),
		"not_allowed": _("The account may not send this; ask the service."),
		"credentials": _("The service does not accept the account's keys."),
		"account": _("The account has no balance or no contract for this."),
		"address_limit": _("The service has sent this person too many messages."),
		"rate_limit": _("The service takes no more messages at present."),
		"misconfigured": _("The service is not set up completely."),
		"service_error": _("The service had an error of its own."),
		"unreachable": _("The service could not be reached."),
		"unknown_code": _("The service refused with a code that is not known here."),
		"tries_used_up": _("All tries were used up."),
		"not_accepted_in_time": _("The service did not take the message in time."),
		"not_delivered": _("The network could not deliver the message."),
	}


def _unclear() -> dict[str, str]:
	return {
		"no_clear_answer": _("The service gave no clear answer, so it is asked what became of the message."),
		"sender_lost": _("The sender was interrupted, so the service is asked what became of the message."),
		"unresolved": _("Nobody could tell what became of the message, so a person takes over."),
	}
