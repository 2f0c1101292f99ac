// The frame of the sheet, and what stands there instead of a call when the contact is closed.
import { actions_of } from "./actions";
import { brief_blocks } from "./brief";
import { conversation } from "./conversation";
import { header } from "./header";
import { esc, lines, severity, sign } from "./html";

export function sheet_html(facts, { menu, inbound }) {
	const brief = brief_blocks(facts.brief, facts.task);
	const call = facts.task.may_log
		? `<fieldset class="hf-lock"><div class="hf-columns"><div class="hf-main">${brief}${conversation(facts)}</div>
			<section class="hf-record" aria-label="${__("Result of the call")}"></section></div></fieldset>`
		: brief + closed(facts.task);
	return `<article class="hf-sheet" data-task="${esc(facts.task.name)}" aria-label="${esc(facts.task.patient_name)}">
		${header(facts)}
		${inbound ? `<p class="hf-note hf-inbound">${sign("phone")} ${__("The patient called us.")}</p>` : ""}
		${answer_html(facts.answer)}
		<div class="hf-acts">${buttons(facts, menu)}</div>
		${call}
		${facts.task.may_log ? jump() : ""}
	</article>`;
}

/** What this call is for: the doctor's answer, to be told to the patient once it is clear who is on the phone. */
function answer_html(answer) {
	if (!answer) return "";
	if (!answer.text) {
		const link = hospital_followup.doc_link("Follow-up Alert", answer.alert, answer.detail || "");
		return `<section class="hf-answer" data-flag="${esc(answer.severity)}" aria-label="${__("Why we call")}">
			<h4>${sign("care")} ${__("Why we call")}</h4>
			<p class="hf-answer-text">${severity(answer.severity)} ${link}</p>
		</section>`;
	}
	const doctor = answer.doctor ? __("Answer of {0}", [esc(answer.doctor)]) : __("The doctor's answer");
	return `<section class="hf-answer" data-flag="${esc(answer.severity)}" aria-label="${__("Tell the patient")}">
		<h4>${sign("care")} ${__("Tell the patient")}</h4>
		<p class="hf-answer-text">${lines(answer.text || "")}</p>
		<p class="text-muted">${doctor} · ${severity(answer.severity)}
			${hospital_followup.doc_link("Follow-up Alert", answer.alert, answer.detail || "")}</p>
	</section>`;
}

/** On a narrow screen the result is far below: these lead there. */
function jump() {
	return `<nav class="hf-jump" aria-label="${__("Go to")}">
		<button type="button" class="btn btn-default" data-act="nobody">${__("No Answer")}</button>
		<button type="button" class="btn btn-primary" data-act="result">${__("Result of the call")}</button></nav>`;
}

export function alerts_html(alerts = []) {
	const worst_first = [...alerts].sort((one, other) => (one.severity < other.severity ? 1 : -1));
	const items = worst_first.map(
		(alert) => `<p class="hf-flagged" data-flag="${esc(alert.severity)}">${severity(alert.severity)}
			${hospital_followup.doc_link("Follow-up Alert", alert.name, alert.detail)}</p>`
	);
	return items.join("");
}

export function scores_html(scores = []) {
	const counted = scores.filter((row) => row.score !== null);
	const items = counted.map(
		(row) =>
			`${esc(row.title || row.group)}: <b>${esc(row.score)}</b> ${row.flag ? severity(row.flag) : ""}`
	);
	return items.join(" · ");
}

function buttons(facts, menu) {
	const start = facts.task.may_log
		? `<button type="button" class="btn btn-primary" data-act="start">${__(
				"Start Call"
			)} <kbd aria-hidden="true">S</kbd></button>`
		: "";
	if (!menu) return start;
	const items = actions_of(facts, () => {}).map(
		({ label }, index) =>
			`<button type="button" class="dropdown-item" data-act="more" data-index="${index}">${esc(
				label
			)}</button>`
	);
	const open = frappe.utils.get_form_link("Follow-up Task", facts.task.name);
	return `${start}<div class="dropdown"><button type="button" class="btn btn-default" data-toggle="dropdown"
			aria-haspopup="true" aria-expanded="false">${__("More")} ▾</button>
		<div class="dropdown-menu">${items.join("")}<a class="dropdown-item" href="${open}">${__(
			"Open the task"
		)}</a></div></div>`;
}

function closed(task) {
	const reason = task.status_reason && hospital_followup.sentence(task.status_reason);
	const day = esc(hospital_followup.day(task.completed_on));
	const outcome = task.outcome ? `<b>${esc(__(task.outcome))}</b>` : "";
	const done = task.status === "Completed" ? __("{0} on {1}", [outcome, day]) : "";
	const late = task.late_completion ? __("after its window") : "";
	const words = [done, late, reason && esc(reason)].filter(Boolean).join(" · ");
	const colour = hospital_followup.colour("task", task.status);
	return words ? `<div class="hf-panel hf-${colour}"><p>${words}</p></div>` : "";
}
