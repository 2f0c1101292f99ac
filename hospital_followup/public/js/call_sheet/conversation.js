// The call from the first sentence to the last: what to say, what to ask, what to give, in the order of a call.
import { tick } from "./groups";
import { esc, server_html, sign, unique } from "./html";
import { revisit_html } from "./revisit";

const GATED = ["inquiry", "guidance", "revisit_reminder", "closing"];

export function conversation(facts) {
	const { script, identity, task } = facts;
	const parts = new Map((script?.parts || []).map((part) => [part.part, part]));
	const opening = part_html(parts.get("opening"));
	return `<div class="hf-talk">
		${notes_on_language(facts)}
		${opening || `<p class="text-muted">${__("No approved script fits this call.")}</p>`}
		${identity_html(identity, task)}
		<div class="hf-gate">
			<p class="hf-gate-closed">${sign("lock")} ${__("Confirm who you are speaking to first.")}</p>
			<div class="hf-gate-open" hidden>
				${GATED.map((name) => step(name, parts.get(name), facts)).join("")}
			</div>
		</div>
	</div>`;
}

function notes_on_language({ script, questionnaire }) {
	if (!script?.other_language && !questionnaire?.other_language) return "";
	return `<p class="hf-note">${__("There is no approved text in the patient's language; another one is shown.")}</p>`;
}

function part_html(part) {
	if (!part) return "";
	return `<section class="hf-part" data-part="${esc(part.part)}"><h5>${esc(part.label)}</h5>${server_html(
		part.html
	)}</section>`;
}

/** The script's words, and under them what belongs to them. */
function step(name, part, facts) {
	const below = {
		inquiry: () => questions_place(facts),
		guidance: () => advice(facts),
		revisit_reminder: () => revisit_html(facts),
		closing: () => "",
	}[name]();
	return part || below ? `<div class="hf-step" data-step="${name}">${part_html(part)}${below}</div>` : "";
}

function questions_place({ questionnaire, state }) {
	if (!questionnaire) return "";
	return `<section class="hf-part"><h5>${esc(questionnaire.title)} <small class="text-muted">${__(
		"version {0}",
		[esc(questionnaire.version)]
	)}</small></h5>
		<div class="hf-alerts" role="alert"></div>
		<div class="hf-questions"></div>
		<p class="hf-scores" aria-live="polite"></p></section>`;
}

function identity_html({ facts, verified }, task) {
	const rows = facts.map((fact) => `<div><dt>${esc(fact.label)}</dt><dd>${esc(fact.value)}</dd></div>`);
	const label =
		task.contact_point === "Caregiver"
			? __("It is the caregiver; two facts about the patient agree")
			: __("It is the patient; two facts agree");
	return `<section class="hf-part hf-identity"><h5>${__("Who are you speaking to?")}</h5>
		<p class="text-muted">${__("Ask for two of these facts; do not read them out.")}</p>
		<dl class="hf-facts">${rows.join("")}</dl>
		${tick({ name: "identity_verified", label, checked: verified, kind: "hf-big-tick" })}</section>`;
}

function advice({ content, draft }) {
	if (!content?.length) return "";
	const own = content.filter((item) => !item.general);
	const shown = own.length ? own : content;
	const general = content.filter((item) => !shown.includes(item));
	return `<section class="hf-part"><h5>${__("Advice to give")}</h5>${advice_list(shown, draft)}${more_advice(
		general,
		draft
	)}</section>`;
}

/** What is for every patient: out of the way, unless some of it was ticked. */
function more_advice(items, draft) {
	if (!items.length) return "";
	const ticked = items.some((item) => (draft.guidance || []).includes(item.name));
	return `<details class="hf-more-advice" ${ticked ? "open" : ""}><summary>${__(
		"More advice, for every patient ({0})",
		[items.length]
	)}</summary>${advice_list(items, draft)}</details>`;
}

function advice_list(content, draft) {
	const items = content.map((item) => {
		const id = unique("advice");
		const given = item.given_on
			? `<span class="hf-given">✓ ${__("already given on {0}", [
					esc(hospital_followup.day(item.given_on)),
				])}</span>`
			: "";
		const source = item.source_note ? `<p class="text-muted">${esc(item.source_note)}</p>` : "";
		return `<li>${tick({
			name: "guidance",
			value: item.name,
			label: item.title,
			checked: (draft.guidance || []).includes(item.name),
		})} ${given}
			<details id="${id}"><summary>${__("Read")}</summary>${server_html(item.html)}${source}</details></li>`;
	});
	return `<ul class="hf-advice">${items.join("")}</ul>`;
}
