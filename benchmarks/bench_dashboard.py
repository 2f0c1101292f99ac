"""The dashboard with 10,000 and with 1,000,000 contacts and logs (quality.md, Speed: at most 3 times, equal to the recount)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import getdate, today

from benchmarks.big_tables import LARGE, SMALL, analyse, explain, grow, prepare, seconds, show
from hospital_followup.services import figure_marks, figure_rollup, figures
from hospital_followup.services.figure_scope import FIGURE, Scope
from hospital_followup.services.figure_sources import sources
from hospital_followup.services.runs import Run


@pytest.mark.commits
def test_dashboard(site: Any) -> None:
	prepare()
	print()
	grow(1, SMALL)
	roll_up(SMALL)
	small = {name: seconds(work) for name, work in panels().items()}
	grow(SMALL, LARGE)
	roll_up(LARGE)
	for name, work in panels().items():
		large = seconds(work)
		print(
			f"{name:44} {SMALL:>9,}: {small[name] * 1000:7.1f} ms  {LARGE:>9,}: {large * 1000:7.1f} ms"
			f"  ratio {large / small[name]:5.2f} (target <= 3)"
		)
	for name, work in panels().items():
		print(name)
		for table in (figure_rollup.TOTAL, FIGURE):
			show(explain(work, table))
	prove()
	on_a_busy_day()


def period(days: int) -> dict[str, Any]:
	end = getdate(today())
	return {"start": end - timedelta(days=days), "end": end}


def panels() -> dict[str, Any]:
	"""What a dashboard shows: cards, a department comparison, a trend, and the same for one department or caller."""
	return {
		"cards of the month": lambda: figures.totals(Scope(**period(30))),
		"departments of the month": lambda: figures.by(Scope(**period(30)), "department"),
		"trend by day, one month": lambda: figures.by(Scope(**period(30)), "date"),
		"trend by month, one year": lambda: figures.by(Scope(**period(365)), "month"),
		"cards of one department": lambda: figures.totals(Scope(**period(30), department="Benchmark 3")),
		"cards of one caller": lambda: figures.totals(Scope(**period(30), staff="caller12@bench.example")),
	}


def roll_up(size: int) -> None:
	"""Have every day counted, as after an import; returns when the dispatcher would have nothing left."""
	for source in sources():
		column = frappe.qb.from_(source.table).select(source.day).distinct().run(pluck=True)
		figure_marks.add({getdate(value) for value in column if value})
	frappe.db.commit()  # reason: the dispatcher's transaction begins with nothing pending
	begin = time.perf_counter()
	figure_rollup.count_marked(Run("benchmark"))
	taken = time.perf_counter() - begin
	analyse()
	rows = {doctype: frappe.db.count(doctype) for doctype in (FIGURE, figure_rollup.TOTAL)}
	print(f"counted {size:,} contacts and their logs in {taken:,.1f} s: {rows}")


def prove() -> None:
	year = Scope(**period(365))
	begin = time.perf_counter()
	recount = figures.recount(year)
	print(f"recount of a year: {(time.perf_counter() - begin) * 1000:,.0f} ms, {recount.planned:,} contacts")
	assert figures.totals(year) == recount
	assert figures.by(year, "staff", "risk_tier") == figures.recount_by(year, "staff", "risk_tier")
	run = Run("benchmark")
	begin = time.perf_counter()
	figure_rollup.prove(run)
	print(
		f"nightly proof of everything: {time.perf_counter() - begin:,.1f} s, {run.tally.failed} days repaired"
	)
	assert run.tally.failed == 0


def on_a_busy_day() -> None:
	"""The same cards while today and two other days have changed since the dispatcher came."""
	cards = panels()["cards of the month"]
	before = seconds(cards)
	figure_marks.add([getdate(today()) - timedelta(days=number) for number in (0, 1, 9)])
	frappe.db.commit()  # reason: marks as other people's work leaves them
	print(
		f"cards of the month, three days changed: {seconds(cards) / before:.2f} x the cards without changes"
	)
