// The questionnaire as real inputs. Which questions are visible and what is flagged is the server's word.
import { choose, radio_group } from "./groups";
import { esc, severity, unique } from "./html";

export class Questions {
	/** `changed(code, value)` is called with every answer, null when it was taken back. */
	constructor(root, { questionnaire: { questions }, state }, changed) {
		this.root = root;
		this.titles = Object.fromEntries((state.scores || []).map((row) => [row.group, row.title]));
		this.changed = changed;
		this.questions = new Map(questions.map((question) => [question.code, question]));
		this.root.innerHTML = this.html(questions);
		this.root.addEventListener("input", (event) => this.typed(event.target));
		this.root.addEventListener("keydown", (event) => this.enter(event));
	}

	html(questions) {
		let group = null;
		return questions
			.map((question) => {
				const title =
					question.group && question.group !== group
						? `<h5>${esc(this.titles[question.group] || question.group)}</h5>`
						: "";
				group = question.group;
				return title + question_html(question);
			})
			.join("");
	}

	part(code) {
		return this.root.querySelector(`[data-code="${CSS.escape(code)}"]`);
	}

	/** Fill in what was answered before. */
	fill(answers) {
		for (const [code, value] of Object.entries(answers)) {
			const part = this.part(code);
			if (!part) continue;
			const group = part.querySelector("[role=radiogroup]");
			if (group) choose(group, value);
			else part.querySelector("input, textarea").value = value ?? "";
		}
	}

	/** Show what the server says: visible questions, flags, and what could not be taken as an answer. */
	show({ visible, flags, missing }, errors = {}) {
		for (const code of this.questions.keys()) {
			const part = this.part(code);
			part.hidden = !visible.includes(code);
			part.dataset.flag = flags[code] || "";
			part.toggleAttribute("data-missing", (missing || []).includes(code));
			set_text(part.querySelector(".hf-q-flag"), flags[code] ? told(flags[code]) : "");
			const input = part.querySelector("input, textarea, [role=radiogroup]");
			mark(input, part.querySelector(".hf-q-error"), errors[code]);
		}
	}

	wording(codes) {
		return codes.map((code) => this.questions.get(code)?.text || code);
	}

	typed(input) {
		const part = input.closest("[data-code]");
		if (part) this.changed(part.dataset.code, input.value.trim() || null);
	}

	/** Enter goes on to the next question; in a text it makes a new line. */
	enter(event) {
		if (event.code !== "Enter" || event.isComposing || event.keyCode === 229) return;
		if (!event.target.matches("input") || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		const parts = [...this.root.querySelectorAll("[data-code]:not([hidden])")];
		this.focus(parts[parts.indexOf(event.target.closest("[data-code]")) + 1]);
	}

	/** The first question without an answer, or the first of all. */
	focus_first() {
		const parts = [...this.root.querySelectorAll("[data-code]:not([hidden])")];
		this.focus(parts.find((part) => !answered(part)) || parts[0]);
	}

	focus(part) {
		part?.querySelector("input, textarea, [role=radio][tabindex='0']")?.focus();
	}
}

/** Say at an input what is wrong with it; nothing when `error` is empty. */
export function mark(input, place, error) {
	if (place && place.textContent !== (error || "")) place.textContent = error || "";
	if (error) input.setAttribute("aria-invalid", "true");
	else input.removeAttribute("aria-invalid");
}

function answered(part) {
	const input = part.querySelector("input, textarea");
	return input ? Boolean(input.value) : Boolean(part.querySelector("[aria-checked=true]"));
}

function set_text(element, html) {
	if (element.innerHTML !== html) element.innerHTML = html;
}

function told(flag) {
	const what =
		flag === "Red"
			? __("The doctor is being told now.")
			: __("The team is told and takes care of it within a working day.");
	return `${severity(flag)} <span>${what}</span>`;
}

function question_html(question) {
	const id = unique("q");
	const required = question.required
		? ` <span class="hf-required" title="${__("Must be answered")}">*<span class="sr-only">${__(
				"Must be answered"
			)}</span></span>`
		: "";
	const hint = question.hint ? `<p class="text-muted">${esc(question.hint)}</p>` : "";
	return `<div class="hf-q" data-code="${esc(question.code)}" data-flag="" hidden>
		<p class="hf-q-text" id="${id}-text"><label for="${id}">${esc(question.text)}</label>${required}</p>
		${hint}${control(question, id)}
		<p class="hf-q-flag" role="status"></p>
		<p class="hf-q-error" id="${id}-error" role="alert"></p>
	</div>`;
}

function control(question, id) {
	const shared = {
		id,
		name: question.code,
		labelled_by: `${id}-text`,
		described_by: `${id}-error`,
	};
	switch (question.answer_type) {
		case "Yes/No":
			return radio_group({
				...shared,
				kind: "hf-big",
				options: [
					{ value: "Yes", label: __("Yes") },
					{ value: "No", label: __("No") },
				],
			});
		case "Scale":
			return radio_group({ ...shared, kind: "hf-scale", options: scale(question) });
		case "Choice":
			return radio_group({ ...shared, kind: "hf-choices", options: question.choices || [] });
		case "Number":
			return number(question, id);
		default:
			return `<textarea id="${id}" class="form-control" rows="2" aria-describedby="${id}-error"></textarea>`;
	}
}

function scale({ minimum, maximum }) {
	const from = Number(minimum || 0);
	const to = maximum === null || maximum === undefined || maximum === "" ? 10 : Number(maximum);
	return Array.from({ length: to - from + 1 }, (_unused, index) => {
		return { value: String(from + index), label: String(from + index) };
	});
}

function number({ unit, minimum, maximum }, id) {
	const known = (value) => value !== null && value !== undefined && value !== "";
	const range = known(minimum) && known(maximum) ? __("{0} to {1}", [minimum, maximum], "Range") : "";
	return `<div class="hf-measure"><input id="${id}" class="form-control" inputmode="decimal" autocomplete="off"
		aria-describedby="${id}-range ${id}-error">
		<span id="${id}-range">${esc(unit || "")}${unit && range ? " · " : ""}<span class="text-muted">${esc(range)}</span></span></div>`;
}
