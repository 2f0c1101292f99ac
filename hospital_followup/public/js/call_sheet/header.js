// The top of the sheet: who it is, which number, how late it is, who is on the phone.
import { clock, esc, minutes_until, phone, sign } from "./html";

const RUNNING_OUT = 3;

export function header({ task, brief }) {
	const { who } = brief;
	const person = [who.sex && __(who.sex), years(who.age)].filter(Boolean).join(" · ");
	const link = hospital_followup.doc_link("Follow-up Patient", task.patient, task.patient_name);
	return `<header class="hf-sheet-head">
		<div class="hf-sheet-who">
			<h3>${link} <small>${esc(person)}</small></h3>
			<p>${[hospital_followup.tier_pill(task.risk_tier), status_pill(task), due(task)].filter(Boolean).join(" ")}</p>
			<p class="text-muted">${meta(task)}</p>
		</div>
		${numbers(task, who)}
		<p class="hf-holder" aria-live="polite"></p>
	</header>`;
}

function years(age) {
	return age || age === 0 ? __("{0} years", [age]) : "";
}

function status_pill(task) {
	if (task.status === "Open") return "";
	const colour = hospital_followup.colour("task", task.status);
	return hospital_followup.pill(__(task.status, null, "Follow-up Task"), colour);
}

function due(task) {
	const day = esc(hospital_followup.day(task.due_date));
	const late = task.overdue_days;
	const text = late ? (late === 1 ? __("1 day overdue") : __("{0} days overdue", [late])) : "";
	return `<span>${__("Due {0}", [day])}</span>${
		late ? ` <b class="hf-late">${sign("late")} ${text}</b>` : ""
	}`;
}

function meta(task) {
	const kind = task.kind === "Planned" ? "" : __(task.kind, null, "Follow-up Task");
	const window = task.expires_on
		? __("window: {0}", [esc(hospital_followup.days(task.opens_on, task.expires_on))])
		: "";
	const topics = (task.topics || []).map((topic) => esc(__(topic)));
	const talk = topics.length ? __("To talk about: {0}", [hospital_followup.list(topics)]) : "";
	const owner = task.assigned_name ? __("with {0}", [esc(task.assigned_name)]) : "";
	return [kind, esc(__(task.channel)), owner, window, talk].filter(Boolean).join(" · ");
}

function numbers(task, who) {
	if (task.channel === "Home Visit") {
		const address = who.home_address ? esc(who.home_address) : `<i>${__("no address known")}</i>`;
		return `<div class="hf-numbers"><span>${__("Address")}</span> <b>${address}</b></div>`;
	}
	const own = number_row(
		"Patient",
		__("Patient"),
		who.mobile || who.mobile_masked,
		who.mobile_status,
		task
	);
	if (!who.caregiver_name && !who.caregiver_mobile) return `<div class="hf-numbers">${own}</div>`;
	const name = [who.caregiver_name, who.caregiver_relation].filter(Boolean).join(", ");
	const label = name ? __("Caregiver {0}", [name]) : __("Caregiver");
	const other = number_row("Caregiver", label, who.caregiver_mobile, who.caregiver_mobile_status, task);
	const rows = task.contact_point === "Caregiver" ? [other, own] : [own, other];
	return `<div class="hf-numbers">${rows.join("")}</div>`;
}

function number_row(point, label, number, status, task) {
	const bad = ["Wrong Number", "Out of Service"].includes(status)
		? `<b class="hf-late">${sign("warn")} ${__(status)}</b>`
		: "";
	const planned = (task.contact_point || "Patient") === point;
	return `<div class="hf-number-row ${planned ? "hf-planned" : ""}" data-point="${point}">
		<span>${esc(label)}</span> ${phone(number)} ${bad}</div>`;
}

/** Who is on the phone with the patient, and for how long; `started` is when this call began, in milliseconds. */
export function holder_line(task, started) {
	const { holder } = task;
	if (task.on_hold) return `<b>${__("On hold: the plan is paused.")}</b>`;
	if (!holder) return next_line(task);
	const until = clock(holder.until);
	if (holder.user !== frappe.session.user) {
		const text = __("{0} is on the phone with this patient until {1}.", [esc(holder.name), until]);
		return `<b class="hf-taken">${sign("lock")} ${text}</b>`;
	}
	const left = minutes_until(holder.until);
	if (left <= 0) return `<b class="hf-late">${__("Your hold on this patient has run out.")}</b>`;
	const minutes = left === 1 ? __("1 minute left") : __("{0} minutes left", [left]);
	const talking = started ? ` · ${__("Call: {0}", [elapsed(started)])}` : "";
	return `<span class="${left <= RUNNING_OUT ? "hf-late" : ""}">${__("You hold this patient until {0}.", [
		until,
	])} ${minutes}</span>${talking}`;
}

function next_line(task) {
	if (!task.attempts) return "";
	const tried = task.attempts === 1 ? __("1 attempt so far") : __("{0} attempts so far", [task.attempts]);
	if (!task.next_attempt_at) return tried;
	const again = __("Next attempt: {0}", [esc(hospital_followup.moment(task.next_attempt_at))]);
	const why = task.next_attempt_why ? ` (${esc(task.next_attempt_why)})` : "";
	return `${tried} · ${again}${why}`;
}

function elapsed(started) {
	const seconds = Math.max(0, Math.round((Date.now() - started) / 1000));
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
