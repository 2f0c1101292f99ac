// What the caller should know before dialling: who, why, what happened, what is due.
import { esc, facts, lines, severity, sign } from "./html";

export function brief_blocks({ who, why, happened, due }, { reasons, sooner }) {
	return `<section class="hf-brief" aria-label="${__("Before the call")}">
		${block(__("Who"), who_html(who))}
		${block(__("Why"), why_html(why || {}))}
		${block(__("What happened"), happened_html(happened || {}), __("No earlier contact."))}
		${block(__("What is due"), due_html(due || {}, reasons, sooner), __("Nothing is planned."))}
	</section>`;
}

function block(title, body, empty = __("Nothing known.")) {
	return `<details class="hf-block" open><summary>${title}</summary>${
		body || `<p class="text-muted">${empty}</p>`
	}</details>`;
}

function who_html(who) {
	const care = who.special_care
		? `<p class="hf-care">${sign("care")} <b>${__("Special Care")}</b> ${esc(
				who.special_care_note || __("contacted by a person only")
			)}</p>`
		: "";
	const caregiver = [who.caregiver_name, who.caregiver_relation].filter(Boolean).join(", ");
	return (
		care +
		facts([
			[__("Hospital Number"), esc(who.patient_id)],
			[__("Preferred Time"), who.preferred_slot && __(who.preferred_slot)],
			[__("Language"), esc(language(who.language))],
			[__("Caregiver"), esc(caregiver)],
			[__("May Be Told"), esc(listeners(who))],
			[__("Directions for a Visit"), esc(who.directions)],
		])
	);
}

function listeners({ may_hear, may_hear_names }) {
	const words = may_hear && __(may_hear, null, "Follow-up Patient");
	return [words, may_hear_names].filter(Boolean).join(": ");
}

function language(code) {
	if (!code) return "";
	try {
		return new Intl.DisplayNames([frappe.boot.lang || "en"], { type: "language" }).of(code);
	} catch {
		return code; // a language that the hospital made up
	}
}

function waiting(enrolment) {
	return hospital_followup.doc_link(enrolment.doctype, enrolment.name, enrolment.title);
}

function why_html(why) {
	const stay = [
		why.discharge_date && __("Discharged {0}", [esc(hospital_followup.day(why.discharge_date))]),
		why.days_since && __("{0} days ago", [why.days_since]),
		esc(why.department),
		esc(why.attending_doctor),
	];
	const record = why.record
		? hospital_followup.doc_link(why.record.doctype, why.record.name, __("Open the medical record"))
		: "";
	return (
		`<p>${stay.filter(Boolean).join(" · ")}</p>` +
		facts([
			[__("Programme"), titles(why.programmes)],
			[__("Ask for Consent to"), (why.awaiting_consent || []).map(waiting).join(" · ")],
			[__("Diagnosis"), titles(why.diagnoses)],
			[__("Procedures"), titles(why.procedures)],
			[__("Instructions"), lines(why.instructions || "")],
			[__("Medicines"), medicines(why.medicines)],
			[__("Allergies"), why.allergies && `<b>${lines(why.allergies)}</b>`],
			[__("Conditions"), titles(why.conditions)],
			[__("Habits"), esc(why.habits)],
			[__("Results Pending"), titles(why.pending_results)],
		]) +
		(record ? `<p>${record}</p>` : "")
	);
}

function happened_html({ contacts = [], alerts = [], promise, given = [] }) {
	const promised = promise
		? `<p><b>${__("Promised: call at {0}", [esc(hospital_followup.moment(promise.at))])}</b> ${esc(
				promise.by
			)}</p>`
		: "";
	const open = alerts.map(
		(alert) => `<p class="hf-flagged" data-flag="${esc(alert.severity)}">${severity(alert.severity)}
			${hospital_followup.doc_link("Follow-up Alert", alert.name, alert.detail)}</p>`
	);
	const made = contacts.map(contact_html).join("");
	const advice = given.map((item) => `${esc(item.title)} (${esc(hospital_followup.day(item.on))})`);
	const list = made ? `<ul class="hf-attempts">${made}</ul>` : "";
	return promised + open.join("") + list + facts([[__("Advice Given"), advice.join("; ")]]);
}

function contact_html(contact) {
	const link = hospital_followup.doc_link("Follow-up Log", contact.name, __(contact.outcome));
	const answers = (contact.answers || [])
		.filter((answer) => answer.flag)
		.map((answer) => `${severity(answer.flag)} ${esc(answer.text)}: ${esc(__(answer.value))}`);
	const notes = contact.notes ? `<div class="text-muted">${lines(contact.notes)}</div>` : "";
	const flagged = answers.length ? `<div>${answers.join("<br>")}</div>` : "";
	return `<li>${esc(hospital_followup.moment(contact.contacted_at))} · ${link} · ${esc(
		contact.staff_name
	)}${flagged}${notes}</li>`;
}

function due_html({ revisit, revisit_date, tests = [], next_contacts = [] }, reasons, sooner) {
	const day = revisit?.date || revisit_date;
	const visit = day && `<b>${esc(hospital_followup.day(day))}</b>`;
	const next = next_contacts.map((item) =>
		[hospital_followup.day(item.due_date), item.channel && __(item.channel)]
			.filter(Boolean)
			.map(esc)
			.join(" · ")
	);
	const why = (reasons || []).map((sentence) => `<li>${esc(sentence)}</li>`).join("");
	const explained = why
		? `<details class="hf-why"><summary>${__(
				"Why this day, channel and person?"
			)}</summary><ul>${why}</ul></details>`
		: "";
	const due = facts([
		[__("Sooner Because"), sooner && `<b>${esc(sooner)}</b>`],
		[__("Revisit"), visit],
		[__("Preparation"), lines(revisit?.preparation || "")],
		[__("Tests"), titles(tests)],
		[__("Next Contacts"), next.join("<br>")],
	]);
	return due + explained;
}

function titles(items) {
	if (!items) return "";
	if (typeof items === "string") return esc(items);
	return items.map((item) => esc(item.title || item.condition || item.code || item)).join("<br>");
}

function medicines(items) {
	return (items || [])
		.map((item) => {
			const taken = { true: __("taken"), false: __("NOT taken") }[item.taken];
			return [item.drug, item.dosage, taken].filter(Boolean).map(esc).join(" · ");
		})
		.join("<br>");
}
