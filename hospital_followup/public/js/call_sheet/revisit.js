// The revisit on the call sheet: when it is, what to bring, whether the patient was reminded or came, and booking it.
import { tick } from "./groups";
import { esc, lines, unique } from "./html";
import { post, show } from "./transport";

const API = "hospital_followup.revisit_api.";

export function revisit_html({ draft, brief }) {
	const { revisit, revisit_date, diary } = brief.due || {};
	const known = revisit || (revisit_date ? { date: revisit_date } : null);
	const told = known
		? tick({
				name: "revisit_reminded",
				label: __("Reminded of the revisit"),
				checked: draft.revisit_reminded,
			})
		: "";
	return `<section class="hf-part hf-revisit" data-revisit="${esc(revisit?.name || "")}">
		<h5>${__("Revisit", null, "Follow-up Task")}</h5>
		${known ? known_html(known) : `<p class="text-muted">${__("No revisit is planned yet.")}</p>`}
		${preparation_html(revisit)}
		${told}
		${came_html(revisit)}
		${agreed_html(draft, revisit, diary)}
	</section>`;
}

function known_html(revisit) {
	const when = revisit.appointment_at
		? moment_of(revisit.appointment_at)
		: esc(hospital_followup.day(revisit.date));
	const whom = revisit.appointment_with ? ` · ${esc(revisit.appointment_with)}` : "";
	const link = revisit.appointment
		? ` · ${hospital_followup.doc_link(revisit.appointment_doctype, revisit.appointment, __("Open the appointment"))}`
		: "";
	return `<p class="hf-revisit-day">${hospital_followup.revisit_pill(revisit.status || "Expected")} <b>${when}</b>${whom}${link}</p>`;
}

function moment_of(datetime) {
	return `${esc(hospital_followup.day(datetime))} ${esc(String(datetime).slice(11, 16))}`;
}

function preparation_html(revisit) {
	if (!revisit?.preparation) return "";
	return `<p class="hf-revisit-preparation"><b>${__("What to bring or do before")}</b><br>${lines(
		revisit.preparation
	)}</p>`;
}

/** Once its day has come somebody may know whether the patient was there. */
function came_html(revisit) {
	const today = frappe.datetime.get_today();
	if (!revisit?.may_write || revisit.date > today) return "";
	const stayed_away =
		revisit.status !== "Missed" && revisit.date < today
			? `<button type="button" class="btn btn-default btn-sm" data-act="stayed_away">${__("Did Not Come")}</button>`
			: "";
	return `<p class="hf-revisit-came" role="group" aria-label="${__("Was the patient there?")}">
		<button type="button" class="btn btn-default btn-sm" data-act="came">${__("The Patient Came…")}</button>
		${stayed_away}</p>`;
}

/** With an appointment the diary has the day; else a day is agreed, or booked where there is a diary. */
function agreed_html(draft, revisit, diary) {
	if (revisit?.appointment && revisit.status !== "Missed") return "";
	const id = unique("revisit");
	const book = diary
		? ` <button type="button" class="btn btn-default btn-sm" data-act="book">${__("Book a Time…")}</button>`
		: "";
	return `<label for="${id}">${__("Revisit agreed for")}</label>
		<div class="hf-agreed"><input type="date" id="${id}" class="form-control hf-short" data-field="revisit_booked_on"
			value="${esc(draft.revisit_booked_on || "")}">${book}</div><p class="hf-q-error" role="alert"></p>`;
}

/** What the buttons of the block do, for the sheet `sheet`. */
export function revisit_acts(sheet) {
	const revisit = () => sheet.facts.brief.due.revisit;
	return {
		book: () => book(sheet, revisit()),
		came: () => came(sheet, revisit()),
		stayed_away: () => mark(sheet, { revisit: revisit().name, status: "Missed" }),
	};
}

async function book(sheet, revisit) {
	const { patient } = sheet.facts.task;
	await frappe.require("revisit_booking.bundle.js");
	const booked = await hospital_followup.book_revisit({ patient, revisit: revisit?.name });
	if (!booked) return;
	sheet.change({ revisit_booked_on: booked.date, revisit_reminded: 1 });
	await reload(sheet);
}

function came(sheet, revisit) {
	const today = frappe.datetime.get_today();
	frappe.prompt(
		{
			fieldname: "attended_on",
			fieldtype: "Date",
			label: __("Attended On"),
			reqd: 1,
			default: revisit.date < today ? revisit.date : today,
		},
		({ attended_on }) => mark(sheet, { revisit: revisit.name, status: "Attended", attended_on }),
		__("When did the patient come?"),
		__("Save")
	);
}

async function mark(sheet, values) {
	try {
		await post(`${API}mark_revisit`, values);
	} catch (error) {
		show(error);
		return;
	}
	await reload(sheet);
}

/** What was typed is saved first: the sheet is drawn anew. */
async function reload(sheet) {
	try {
		await sheet.saver.flush();
		await sheet.load();
	} catch (error) {
		show(error);
	}
}
