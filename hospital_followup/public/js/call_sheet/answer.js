// What the server answered to a save: the line about it, and what the answers mean.
import { alerts_html, scores_html } from "./layout";
import { mark } from "./questions";
import { saving_line } from "./saving";

/** `sent` is what went out, `answer` what came back; without an answer there is only the `state` to show. */
export function show_saving(sheet, state, { answer, sent, reason, type }) {
	const line = sheet.part(".hf-saving");
	line.innerHTML = saving_line(state, { answer, reason });
	line.dataset.state = state;
	if (type === "TaskClaimedError") sheet.refresh();
	if (!answer) return;
	const first = !sheet.is_mine();
	sheet.facts.draft.log = answer.log;
	sheet.errors = remaining(sheet.errors, sent, answer.errors || {});
	show_state(sheet, answer.state);
	if (first) {
		sheet.refresh();
		sheet.options.changed?.();
	}
}

/** Visible questions, flags, alerts, scores, and the sentences of what could not be taken. */
export function show_state(sheet, state) {
	const { record, questions, errors, facts } = sheet;
	facts.state = state;
	for (const input of sheet.root.querySelectorAll("[data-field]")) {
		mark(input, input.parentElement.querySelector(".hf-q-error"), errors[input.dataset.field]);
	}
	if (!questions) return;
	questions.show(state, errors);
	record.asked(state.missing, questions.wording(state.missing));
	const alerts = alerts_html(state.alerts);
	if (sheet.alerts_shown !== alerts) sheet.part(".hf-alerts").innerHTML = sheet.alerts_shown = alerts;
	sheet.part(".hf-scores").innerHTML = scores_html(state.scores);
}

/** The fields that were sent are right now, unless the server says otherwise; others stay as they were. */
function remaining(before, sent, errors) {
	const settled = [...Object.keys(sent), ...Object.keys(sent.answers || {})];
	const others = Object.entries(before).filter(([code]) => !settled.includes(code));
	return { ...Object.fromEntries(others), ...errors };
}
