"""Life-long programmes: the contacts of all enrolments of one patient, planned together and around the patient's other plans.

An enrolment counts its pathway from a day of its own (birth, expected delivery, enrolment). Its contacts go through the same
merge and cap as those of a discharge. Where one falls together with an open contact of another plan, the *host*, it joins
that task: one call, not two. Contacts are made on a rolling horizon, never decades ahead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hospital_followup.engine.channel import choose_for
from hospital_followup.engine.dates import age_on
from hospital_followup.engine.decisions import Contact, ExistingTask
from hospital_followup.engine.draft import DAY, Draft
from hospital_followup.engine.facts import Config, PatientFacts
from hospital_followup.engine.names import FALLBACK_ORDER, OPEN_STATUSES, SPECIALIST
from hospital_followup.engine.plan import in_order
from hospital_followup.engine.programme_course import Enrolled, courses
from hospital_followup.engine.programme_hosts import Join, Seats, join
from hospital_followup.engine.progress import covered, outstanding
from hospital_followup.engine.timetable import Spacing, settle, sources_of

# A programme has no discharge that could be late: what is late in it is only late.
_NOT_TOLD = frozenset({"late_discharge"})


@dataclass(frozen=True, slots=True)
class ProgrammeDecision:
	"""The contacts to make, by plan key, and those that join another plan's task.

	`planned_until`: by plan key the last day on which nothing new has to be planned. `over`: keys of plans whose
	course has ended with nothing left to do. `untouched`: keys of hosts that are on the phone and stay as they are.
	"""

	contacts: Mapping[str, tuple[Contact, ...]] = field(default_factory=dict)
	joins: tuple[Join, ...] = ()
	planned_until: Mapping[str, date] = field(default_factory=dict)
	over: frozenset[str] = frozenset()
	untouched: frozenset[str] = frozenset()


def plan_programmes(
	enrolled: Sequence[Enrolled],
	patient: PatientFacts,
	config: Config,
	*,
	today: date,
	until: date,
	risk_tier: str = "Medium",
	value_tier: str = "Medium",
	existing: Sequence[ExistingTask] = (),
	hosts: Sequence[ExistingTask] = (),
	taken: Sequence[date] = (),
) -> ProgrammeDecision:
	"""Plan all of a patient's enrolments together, as of `today`, with contacts whose raw day is not after `until`.

	`existing`: tasks of these plans, and done tasks of other plans that stood for a contact of theirs. `hosts`: open tasks
	of the patient's other plans as those plans want them, with the contacts that joined them in `covers`. `taken`: days
	of completed contacts in other plans. Whoever opted out of every channel has no contacts.

	Raises OverflowError beyond the year 9999.
	"""
	keys = [one.key for one in enrolled]
	if patient.status != "Active" or patient.opted_out.issuperset(FALLBACK_ORDER):
		# Nobody's call changes under the caller's hand, whatever the patient wants no more.
		calls = frozenset(host.key for host in hosts if host.status == "In Progress")
		return ProgrammeDecision(
			dict.fromkeys(keys, ()), planned_until=dict.fromkeys(keys, until), untouched=calls
		)
	drafts, places = courses(enrolled, config, risk_tier, value_tier)
	begun = {key for task in (*existing, *hosts) if task.status in OPEN_STATUSES for key in covered(task)}
	made = {key: draft for key, draft in drafts.items() if draft.raw <= until or key in begun}
	coming: dict[str, date] = {}
	for key, draft in drafts.items():
		if key not in made:
			plan = draft.origins[0].plan
			coming[plan] = min(draft.raw, coming.get(plan, draft.raw))

	seats = Seats(hosts, made, config, today)
	rest = outstanding(seats.standing.values(), existing, "", config.calendar, today)
	settled = settle(
		[*rest.raw, *seats.drafts],
		config.calendar,
		Spacing(config.merge_within_days, config.max_per_day, config.max_per_week),
		fixed=(*rest.fixed, *seats.fixed),
		taken=(*rest.taken, *seats.taken, *taken),
	)
	contacts: dict[str, list[Contact]] = {key: [] for key in keys}
	joins = []
	for draft in settled:
		host = seats.host_of(draft)
		if host is None:
			contact = _contact(draft, places, patient, risk_tier, config.guardian_under_age)
			contacts[draft.origins[0].plan].append(contact)
		elif guests := [origin for origin in draft.origins if origin not in seats.owner]:
			# In the order of their days, whether they have just come or have waited with the host since it was late.
			guests.sort(key=lambda origin: made[origin.key("")].order)
			joins.append(join(host, guests, made, seats.crowded(host, guests), patient, risk_tier, today))
	return _decision(contacts, joins, coming, existing, seats.untouched, today, until)


def _contact(
	draft: Draft, places: Mapping[str, int], patient: PatientFacts, risk_tier: str, guardian_under_age: int
) -> Contact:
	origin, born = draft.origins[0], patient.date_of_birth
	choice = choose_for(patient, draft.channel, risk_tier)
	minor = born is not None and age_on(born, draft.due) < guardian_under_age
	return Contact(
		key=origin.key(""),
		sequence=places[origin.key("")],
		due_date=draft.due,
		opens_on=draft.due,
		expires_on=draft.end,
		channel=choice.channel,
		role=SPECIALIST if choice.specialist else draft.role,
		topics=draft.topics,
		sources=sources_of(draft),
		reasons=in_order({*draft.reasons, *choice.reasons} - _NOT_TOLD),
		step_id=origin.step_id,
		anchor_date=origin.anchor_date,
		script=draft.script,
		questionnaire=draft.questionnaire,
		first_contact=False,
		contact_point="Caregiver" if minor else "Patient",
		origins=draft.origins,
	)


def _decision(
	contacts: Mapping[str, Sequence[Contact]],
	joins: Sequence[Join],
	coming: Mapping[str, date],
	existing: Sequence[ExistingTask],
	untouched: frozenset[str],
	today: date,
	until: date,
) -> ProgrammeDecision:
	horizon = until - today
	ends: dict[str, date] = {}
	for plan, own in contacts.items():
		for contact in own:
			for key in {plan, *(origin.plan for origin in contact.origins)}:
				ends[key] = max(ends.get(key, today), contact.expires_on)
	for one in joins:
		for origin in one.origins:
			ends[origin.plan] = max(ends.get(origin.plan, today), one.expires_on)
	# A task whose window has passed waits to be marked Missed, a host for the end of the call: look again tomorrow.
	unsettled = bool(untouched) or any(task.status in OPEN_STATUSES for task in existing)
	over = frozenset(key for key in contacts if key not in ends and key not in coming and not unsettled)
	planned_until = {
		key: coming[key] - horizon - DAY if key in coming else ends.get(key, today) for key in contacts
	}
	return ProgrammeDecision(
		{key: tuple(own) for key, own in contacts.items()}, tuple(joins), planned_until, over, untouched
	)
