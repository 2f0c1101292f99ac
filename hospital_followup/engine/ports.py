"""What an adapter has to offer: the ports through which other apps plug in.

A hospital's own app names its adapter in a hook (`followup_patient_sources`, `followup_sources`, `followup_channels`);
the contract test runs the same suite over every adapter that a site registers. Adapters read their own app's documents
and answer in these plain values; they never write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol, runtime_checkable

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.revisits import Evidence

#: Where a stay in hospital stands, as far as follow-up is concerned. `expected`: ordered, the patient is not in yet.
StayState = Literal["expected", "admitted", "discharged", "cancelled"]


@dataclass(frozen=True, slots=True)
class PatientRecord:
	"""A patient as another app knows them. None is "this app does not know", and never overwrites what is known."""

	patient_id: str
	"""The hospital's own number, unique per company."""
	patient_name: str
	sex: str | None = None
	"""Male, Female or Other."""
	date_of_birth: date | None = None
	mobile: str | None = None
	email: str | None = None
	language: str | None = None
	company: str | None = None
	home_address: str | None = None
	allergies: str | None = None
	habits: str | None = None
	caregiver_name: str | None = None
	caregiver_relation: str | None = None
	caregiver_mobile: str | None = None
	deceased: bool = False


@dataclass(frozen=True, slots=True)
class VisitRecord:
	"""One visit to the outpatient department as another app knows it. None is unknown."""

	source_doctype: str
	source_name: str
	patient_doctype: str
	patient_name: str
	"""Name of the document of `patient_doctype`."""
	department_doctype: str | None = None
	department_name: str | None = None
	diagnoses: tuple[Diagnosis, ...] = ()
	company: str | None = None


@dataclass(frozen=True, slots=True)
class StayRecord:
	"""One stay in hospital as another app knows it. None is unknown."""

	source_doctype: str
	source_name: str
	patient_doctype: str
	patient_name: str
	"""Name of the document of `patient_doctype`."""
	state: StayState
	admission_date: date | None = None
	discharge_date: date | None = None
	department_doctype: str | None = None
	department_name: str | None = None
	attending_doctor: str | None = None
	diagnoses: tuple[Diagnosis, ...] = ()
	procedures: tuple[Procedure, ...] = ()
	length_of_stay: int | None = None
	"""Nights between admission and discharge."""
	admissions_12m: int | None = None
	"""Other admissions in the twelve months before this one."""
	revisit_date: date | None = None
	instructions: str | None = None
	company: str | None = None
	external_id: str | None = None


@dataclass(frozen=True, slots=True)
class CurrentStay:
	"""A patient who is in hospital now."""

	source_name: str
	patient_name: str
	"""Name of the patient's document."""
	admission_date: date


@dataclass(frozen=True, slots=True)
class Medicine:
	"""One medicine that the patient was sent home with."""

	drug: str
	dosage: str | None = None
	"""Strength, schedule, form, duration and remarks in one line, in the words of the hospital."""
	ordered_on: date | None = None


@dataclass(frozen=True, slots=True)
class MedicalRecord:
	"""What another app's record says about a patient or a stay, as far as the session's user may read it there.

	None means "not kept here, or not for this user's eyes"; an empty tuple means that the record names none.
	"""

	doctype: str
	name: str
	"""The document that a person opens to read more."""
	medicines: tuple[Medicine, ...] | None = None
	allergies: str | None = None
	conditions: tuple[str, ...] = ()
	"""Known illnesses and operations from before."""
	diagnoses: tuple[str, ...] = ()
	"""Titles of the diagnoses of the encounters."""
	instructions: str | None = None
	pending_results: tuple[str, ...] | None = None
	"""Tests that were made and whose result was not there yet."""
	tests: tuple[str, ...] = ()
	"""Tests that were ordered and not made yet."""


@runtime_checkable
class MedicalRecordReader(Protocol):
	"""What a PatientSource or a DischargeIntake may offer besides: the medical record behind its documents."""

	doctype: str

	def record(self, name: str) -> MedicalRecord | None:
		"""The record behind the document `name`; None when there is no such document or the session's user may not read it.

		Unlike `read`, which feeds the intake, it answers a person: the other app's own permissions decide, for the
		document, for each further document it reads and for the level of each field.
		"""
		...


@runtime_checkable
class PatientSource(Protocol):
	"""Where patients come from: one doctype of another app."""

	doctype: str

	def available(self) -> bool:
		"""Whether the doctype exists on this site."""
		...

	def same_as(self, name: str) -> tuple[str, str] | None:
		"""The (doctype, name) of another source that knows the same person better; None when there is none."""
		...

	def read(self, name: str) -> PatientRecord:
		"""The patient behind the document `name`. Raises the app's own "does not exist" error for an unknown name."""
		...


@runtime_checkable
class DischargeIntake(Protocol):
	"""Where discharges come from: one doctype of another app that records a stay in hospital."""

	doctype: str
	patient_doctype: str

	def available(self) -> bool:
		"""Whether the doctype exists on this site."""
		...

	def read(self, name: str) -> StayRecord | None:
		"""The stay behind the document `name`; None when there is no such document (any more)."""
		...

	def unrecorded(self, since: date, limit: int) -> Sequence[str]:
		"""Names of the stays that ended on or after `since` and that no Patient Discharge carries, oldest first."""
		...

	def changed(self, since: datetime) -> Sequence[str]:
		"""Names of the stays written since, whatever became of them, oldest first."""
		...

	def current(self) -> Sequence[CurrentStay]:
		"""The stays of the patients who are in hospital now."""
		...


@runtime_checkable
class RevisitSource(Protocol):
	"""Where it shows that patients came back: the documents of another app about one kind of patient."""

	patient_doctype: str
	department_doctype: str | None
	"""The doctype of the departments that its documents name."""
	knows_absence: bool
	"""Whether every visit leaves a document here, so that none means that the patient did not come."""

	def available(self) -> bool:
		"""Whether the site has these documents."""
		...

	def evidence(
		self, patients: Sequence[str], since: date, until: date, appointments: Sequence[str] = ()
	) -> Sequence[Evidence]:
		"""What the documents of these days say about `patients`; of `appointments` whatever their day is now.

		`Evidence.department` is the source's own department, in words of `department_doctype`.
		"""
		...


@runtime_checkable
class Channel(Protocol):
	"""A way to reach a patient."""

	name: str
	"""One of `engine.model.CHANNELS`."""
	automatic: bool
	"""True when a program sends; False when a person calls or visits."""

	def available(self) -> bool:
		"""Whether the site can use it now (installed, configured)."""
		...

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		"""Number, address or identifier under which this channel reaches `patient`; None when there is none."""
		...


@dataclass(frozen=True, slots=True)
class CallRequest:
	"""What a telephone system may want to know about a call beside the number."""

	task: str
	patient: str
	contact_point: str
	"""Patient or Caregiver: whose number it is."""
	user: str
	"""The member of staff whose telephone is to ring first."""


@runtime_checkable
class Telephony(Protocol):
	"""The hospital's telephone system: it connects a member of staff with a number."""

	name: str
	"""As people know it; stands in the call's record."""

	def available(self) -> bool:
		"""Whether calls can be made now (installed, configured)."""
		...

	def call(self, number: str, context: CallRequest) -> str:
		"""Begin a call to `number` (+8613800138000) and return the system's own id of it, at once, with a timeout.

		Raises any error when the call was not taken; the caller then dials by hand.
		"""
		...

	def recording_url(self, call_id: str) -> str | None:
		"""Where the recording of that call can be heard; None while there is none, or for an unknown call."""
		...
