"""A research export from the request to the download: who may, what is logged, what a stop or a crash leaves behind."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, now_datetime, today

from hospital_followup import effect_api
from hospital_followup.exceptions import InvalidPeriodError, ResearchExportError
from hospital_followup.services import research
from hospital_followup.tests import factories as make
from tests.site.rights import AD, DR, SP, SV, department, person
from tests.site.samples import sample, saved

EXPORT = "Follow-up Research Export"


def agreeing_patients(count: int = 5, **fields: Any) -> None:
	make.standard_policy()
	for _number in range(count):
		patient = make.patient().name
		saved(
			"Follow-up Consent", patient=patient, purpose="Research", channel="All", given_on=now_datetime()
		)
		make.discharge(patient, discharge_date=add_days(today(), -2), **fields)


def state(name: str) -> tuple[str, str | None]:
	return frappe.db.get_value(EXPORT, name, ["status", "error_code"])


def access_logs(document: str) -> list[frappe._dict]:
	return frappe.get_all(
		"Access Log",
		filters={"reference_document": document},
		fields=["export_from", "file_type", "user", "filters"],
		order_by="creation",
	)


def test_an_administrator_gets_a_private_file_and_nobody_else_does(rest, worker, site):
	agreeing_patients()
	frappe.db.commit()  # reason: the web server and the worker are other processes
	me, colleague = rest(AD), rest(AD)
	name = me.insert(EXPORT, request()).json()["data"]["name"]
	assert me.call("hospital_followup.effect_api.start_research_export", export=name).status_code == 200
	worker.run_until_empty()
	site.reconnect()
	doc = frappe.get_doc(EXPORT, name)
	assert (doc.status, doc.progress, doc.patients, doc.discharges) == ("Finished", 100, 5, 5)
	assert (doc.consenting_patients, doc.patients_left_out, doc.contacts) == (5, 0, 0)
	answer = me.get(doc.archive)
	assert answer.status_code == 200
	packed = zipfile.ZipFile(io.BytesIO(answer.content))
	assert packed.testzip() is None and "patients.csv" in packed.namelist()
	assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
	for other in (colleague, rest(SV), rest(DR), rest(SP), rest()):
		assert other.get(doc.archive).status_code in (401, 403)
		assert other.get(f"/api/resource/{EXPORT}/{doc.name}").status_code in (401, 403)
	site.reconnect()
	made_log = access_logs(doc.name)
	assert [(row.export_from, row.file_type, row.user) for row in made_log] == [(EXPORT, "zip", doc.owner)]
	file = frappe.db.get_value("File", {"file_url": doc.archive}, ["name", "is_private"], as_dict=True)
	assert file.is_private == 1 and [row.user for row in access_logs(file.name)] == [doc.owner]


@pytest.mark.commits
def test_two_exports_of_the_same_data_share_no_pseudonym():
	agreeing_patients()
	contents = []
	for _number in range(2):
		doc = queued()
		research.run(doc.name)
		file = frappe.get_doc("File", {"attached_to_name": doc.name})
		packed = zipfile.ZipFile(io.BytesIO(file.get_content()))
		rows = packed.read("patients.csv").decode("utf-8-sig").splitlines()[1:]
		contents.append({row.split(",")[0] for row in rows})
	assert len(contents[0]) == 5 and not contents[0] & contents[1]


@pytest.mark.commits
def test_running_twice_makes_one_file():
	agreeing_patients()
	doc = queued()
	research.run(doc.name)
	research.run(doc.name)
	assert frappe.db.count("File", {"attached_to_name": doc.name}) == 1


@pytest.mark.commits
def test_a_stop_leaves_nothing_behind():
	agreeing_patients()
	doc = queued()
	effect_api.stop_research_export(doc.name)
	research.run(doc.name)
	assert state(doc.name) == ("Stopped", None)
	assert not frappe.db.exists("File", {"attached_to_name": doc.name})


@pytest.mark.commits
def test_a_stop_while_it_runs_is_heeded(monkeypatch):
	agreeing_patients()
	doc = queued()
	real = research.ResearchRows.write

	def stopped_meanwhile(rows: Any, reached: Any) -> None:
		research.stop(doc.name)
		real(rows, reached)

	monkeypatch.setattr(research.ResearchRows, "write", stopped_meanwhile)
	research.run(doc.name)
	assert state(doc.name) == ("Stopped", None)
	assert not frappe.db.exists("File", {"attached_to_name": doc.name})


@pytest.mark.commits
def test_a_failure_is_told_by_its_code_alone(monkeypatch):
	doc = queued()

	def broken(filters: Any) -> None:
		raise ValueError("王小明 13800138000")

	monkeypatch.setattr(research, "cohort", broken)
	before = frappe.db.count("Error Log")
	research.run(doc.name)
	status, code = state(doc.name)
	assert status == "Failed" and code.startswith("ValueError") and "王小明" not in code
	assert frappe.db.count("Error Log") == before
	research.start(doc.name)
	assert state(doc.name) == ("Queued", None)


def test_what_was_killed_says_so_and_what_was_forgotten_is_woken():
	killed, forgotten, fresh = queued(), queued(), queued()
	long_ago = now_datetime() - timedelta(hours=1)
	frappe.db.set_value(EXPORT, killed.name, {"status": "Running", "heard_of": long_ago})
	frappe.db.set_value(EXPORT, forgotten.name, "heard_of", long_ago)
	assert research.catch_up(now_datetime()) == 2
	assert state(killed.name) == ("Failed", "interrupted")
	assert (state(forgotten.name)[0], state(fresh.name)[0]) == ("Queued", "Queued")


@pytest.mark.commits
def test_a_lost_export_woken_by_the_dispatcher_holds_what_its_requester_may_read():
	here, there = department("Research Woken Here"), department("Research Woken There")
	agreeing_patients(department=here)
	agreeing_patients(department=there)
	user = person(AD, departments=(here,))
	doc = queued_by(user)
	frappe.db.set_value(EXPORT, doc.name, "heard_of", now_datetime() - timedelta(hours=1))
	assert research.catch_up(now_datetime()) == 1
	research.run(doc.name)
	assert frappe.session.user == "Administrator"
	assert state(doc.name) == ("Finished", None)
	assert frappe.db.get_value(EXPORT, doc.name, "patients") == 5
	file = frappe.get_doc("File", {"attached_to_name": doc.name})
	discharges = zipfile.ZipFile(io.BytesIO(file.get_content())).read("discharges.csv").decode()
	assert here in discharges and there not in discharges
	assert [row.user for row in access_logs(doc.name)] == [user]


@pytest.mark.commits
@pytest.mark.parametrize("change", [{"enabled": 0}, {"roles": []}])
def test_nothing_is_made_for_somebody_who_may_not_have_it_any_more(change):
	agreeing_patients()
	user = person(AD)
	doc = queued_by(user)
	frappe.get_doc("User", user).update(change).save()
	research.run(doc.name)
	assert state(doc.name) == ("Failed", "requester_not_permitted")
	assert not frappe.db.exists("File", {"attached_to_name": doc.name})


def test_one_request_makes_one_file():
	doc = queued()
	with pytest.raises(ResearchExportError):
		research.start(doc.name)


def test_a_request_that_was_carried_out_is_not_rewritten():
	doc = queued()
	doc.reload()
	doc.purpose = "Something else"
	with pytest.raises(ResearchExportError):
		doc.save()


def test_nobody_claims_a_result():
	doc = sample(EXPORT, status="Finished", patients=9, archive="/private/files/other.zip").insert()
	assert (doc.status, doc.patients or 0, doc.archive) == ("Draft", 0, None)
	doc.update({"status": "Finished", "archive": "/private/files/other.zip"}).save()
	assert (doc.status, doc.archive) == ("Draft", None)


def test_the_period_runs_forwards():
	with pytest.raises(InvalidPeriodError):
		sample(EXPORT, from_date=today(), to_date=add_days(today(), -1)).insert()


@pytest.mark.parametrize(("first", "last"), [(-88, 0), (-30, 400), (-400, -312)])
def test_a_period_that_would_tell_the_real_days_is_refused(first, last):
	with pytest.raises(InvalidPeriodError, match="90"):
		sample(EXPORT, from_date=add_days(today(), first), to_date=add_days(today(), last)).insert()


def test_ninety_days_are_enough():
	assert sample(EXPORT, from_date=add_days(today(), -89), to_date=today()).insert().name


def request() -> dict[str, str]:
	return {
		"title": "Wound healing",
		"purpose": "Doctoral thesis",
		"from_date": str(add_days(today(), -100)),
		"to_date": str(today()),
	}


def queued() -> Any:
	doc = saved(EXPORT)
	research.start(doc.name)
	return doc


def queued_by(user: str) -> Any:
	frappe.set_user(user)
	try:
		return queued()
	finally:
		frappe.set_user("Administrator")
