"""The target of a numeric question: the answers that raise no flag, read off its own thresholds."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_followup.engine.conditions import ConditionError, OneOf, holds, leaves, number_in, parse
from hospital_followup.engine.questions import AMBER, NUMERIC, RED, Question


@dataclass(frozen=True, slots=True)
class Band:
	"""A stretch of the axis; `None` = open on that side. `*_included`: whether the limit itself still belongs to it."""

	low: float | None
	high: float | None
	low_included: bool = True
	high_included: bool = True


@dataclass(frozen=True, slots=True)
class _Piece:
	"""A threshold itself (`low == high`) or the open stretch between two."""

	low: float | None
	high: float | None

	@property
	def inside(self) -> float:
		if self.low is None and self.high is None:
			return 0.0
		if self.low is None:
			return self.high - 1  # type: ignore[operator]
		return self.low + 1 if self.high is None else (self.low + self.high) / 2


def target_of(question: Question) -> Band | None:
	"""The widest stretch without a flag between the thresholds of the question's own answer; None without thresholds.

	What a threshold asks about other questions is not known here and so does not hold: a band says what is normal by
	this number alone.
	"""
	if question.answer_type not in NUMERIC:
		return None
	limits = _thresholds(question)
	if not limits:
		return None
	runs: list[list[_Piece]] = [[]]
	for piece in _pieces(limits):
		if flag_of(question, piece.inside):
			runs.append([])
		else:
			runs[-1].append(piece)
	free = [run for run in runs if run]
	# The whole axis without a flag is no target: then the thresholds depend on other answers.
	if not free or len(runs) == 1:
		return None
	return _joined(max(free, key=lambda run: _width(run, question)))


def flag_of(question: Question, number: float) -> str | None:
	"""Red, Amber or None for one answer, by its own thresholds alone."""
	for flag, text in ((RED, question.red_if), (AMBER, question.amber_if)):
		if text and _holds(question, text, number):
			return flag
	return None


def _holds(question: Question, text: str, number: float) -> bool:
	try:
		return holds(parse(text, own=question.code), {question.code: number})
	except ConditionError:
		return False


def _thresholds(question: Question) -> list[float]:
	found: set[float] = set()
	for text in (question.amber_if, question.red_if):
		try:
			parts = list(leaves(parse(text, own=question.code))) if text else []
		except ConditionError:
			continue
		for leaf in parts:
			if leaf.code != question.code:
				continue
			values = leaf.values if isinstance(leaf, OneOf) else (getattr(leaf, "value", ""),)
			found.update(number for number in map(number_in, values) if number is not None)
	return sorted(found)


def _pieces(limits: list[float]) -> list[_Piece]:
	pieces = [_Piece(None, limits[0])]
	for place, limit in enumerate(limits):
		pieces.append(_Piece(limit, limit))
		pieces.append(_Piece(limit, limits[place + 1] if place + 1 < len(limits) else None))
	return pieces


def _width(run: list[_Piece], question: Question) -> float:
	low = run[0].low if run[0].low is not None else question.minimum
	high = run[-1].high if run[-1].high is not None else question.maximum
	return float("inf") if low is None or high is None else high - low


def _joined(run: list[_Piece]) -> Band:
	first, last = run[0], run[-1]
	return Band(first.low, last.high, first.low == first.high, last.low == last.high)
