"""The answers of contacts and surveys for a research export: those with fixed answers only, and only as far as they fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import frappe

from hospital_followup.engine.answers import Answer, read_answer
from hospital_followup.engine.deidentify import SMALLEST_GROUP
from hospital_followup.engine.questionnaire import Question
from hospital_followup.engine.questions import NUMERIC, TEXT
from hospital_followup.services.question_rows import engine_questionnaire

QUESTIONNAIRE = "Follow-up Questionnaire"
#: A number without an upper limit might be a telephone or identity number; no measurement is as large as that.
LARGEST_NUMBER = 99_999


class FixedAnswers:
	"""Reads answers again by their questions, and remembers which questions were met."""

	def __init__(self) -> None:
		self.met: dict[tuple[str, str], Question] = {}
		self._questionnaires: dict[str, dict[str, Question]] = {}

	def of(self, doctype: str, parents: Sequence[frappe._dict]) -> Iterable[tuple[str, str, Answer, str]]:
		"""(parent, questionnaire, answer, flag) of these logs or surveys, by parent and row."""
		questionnaires = {row.name: row.questionnaire for row in parents if row.questionnaire}
		rows = frappe.get_all(
			"Follow-up Answer",
			filters={"parenttype": doctype, "parent": ("in", list(questionnaires) or [""])},
			fields=["parent", "question", "value", "flag"],
			order_by="parent, idx",
		)
		for row in rows:
			answer = self._read(questionnaires[row.parent], row)
			if answer:
				yield row.parent, questionnaires[row.parent], answer, row.flag or ""

	def _read(self, questionnaire: str, row: frappe._dict) -> Answer | None:
		question = self._asked(questionnaire).get(row.question)
		if question is None or question.answer_type == TEXT:
			return None
		answer = read_answer(question, row.value)
		if not isinstance(answer, Answer) or answer.value is None:
			return None
		if question.answer_type in NUMERIC and abs(answer.number or 0) > LARGEST_NUMBER:
			return None
		self.met[questionnaire, question.code] = question
		return answer

	def _asked(self, questionnaire: str) -> dict[str, Question]:
		if questionnaire not in self._questionnaires:
			exists = frappe.db.exists(QUESTIONNAIRE, questionnaire)
			found: Any = (
				engine_questionnaire(frappe.get_doc(QUESTIONNAIRE, questionnaire)) if exists else None
			)
			self._questionnaires[questionnaire] = dict(found.by_code) if found else {}
		return self._questionnaires[questionnaire]


class SharedAnswers:
	"""Holds the answers to a questionnaire back until enough patients gave some: its questions name their condition."""

	def __init__(self, write: Callable[[str, dict[str, Any]], None]) -> None:
		self._write = write
		self._patients: defaultdict[str, set[str]] = defaultdict(set)
		self._held: defaultdict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)

	def add(self, questionnaire: str, patient: str, row: dict[str, Any]) -> None:
		"""One answer; written now, later or never."""
		self._patients[questionnaire].add(patient)
		self._held[questionnaire].append((patient, row))
		if self.shared(questionnaire):
			for held in self._held.pop(questionnaire):
				self._write(*held)

	def shared(self, questionnaire: str) -> bool:
		"""Whether so many patients answered it that it tells nothing about one of them."""
		return len(self._patients[questionnaire]) >= SMALLEST_GROUP
