// Questions as a caller meets them: the tab "Try It" asks them, branches and flags with the engine's own answers.
frappe.ui.form.on("Follow-up Questionnaire", {
	refresh(frm) {
		hospital_followup.show_approval(frm, {
			versions: true,
			Draft: __("Draft: write the questions, try them out, then approve it."),
			Approved: __("In use. It cannot be changed; make a new version instead."),
			Retired: __("Retired. Earlier contacts can still be read with it."),
		});
		frm.trial = frm.trial?.name === frm.doc.name ? frm.trial : { name: frm.doc.name, answers: {} };
		try_soon(frm);
	},
	questions_add: (frm) => try_soon(frm),
	questions_remove: (frm) => try_soon(frm),
	questions_move: (frm) => try_soon(frm),
	scores_remove: (frm) => try_soon(frm),
});

const again = (frm) => try_soon(frm);
const QUESTION_FIELDS = ["code", "text", "hint", "answer_type", "required", "unit", "minimum", "maximum"];
const CONDITION_FIELDS = ["choices", "group", "show_if", "amber_if", "red_if"];
const listen = (fields) => Object.fromEntries(fields.map((field) => [field, again]));
frappe.ui.form.on("Follow-up Question", listen([...QUESTION_FIELDS, ...CONDITION_FIELDS]));
frappe.ui.form.on("Follow-up Questionnaire Score", listen(["group", "title", "amber_if", "red_if"]));

const try_soon = frappe.utils.debounce((frm) => ask(frm), 300);

/** Ask the engine; an answer that arrives after a later question was asked is left out. */
async function ask(frm) {
	const turn = (frm.trial.turn = (frm.trial.turn || 0) + 1);
	const result = await hospital_followup.call("desk.try_questionnaire", {
		draft: frm.doc,
		answers: frm.trial.answers,
	});
	if (turn !== frm.trial.turn) return;
	const shape = JSON.stringify(result.questions);
	if (shape !== frm.trial.shape || !wrapper(frm).find(".hf-trial").length) {
		frm.trial.shape = shape;
		draw(frm, result);
	}
	show_state(frm, result);
}

const wrapper = (frm) => frm.get_field("try_it").$wrapper;

function draw(frm, { questions }) {
	const rows = questions.map((question, place) => row_html(frm, question, place)).join("");
	wrapper(frm).html(
		`<div class="hf-trial">
			<p class="text-muted">${__(
				"Answer as in a call. Nothing is saved; this shows what is asked, and which answers raise an alert."
			)}</p>
			<div class="hf-problems" aria-live="polite"></div>
			<div class="hf-try-summary" aria-live="polite"></div>
			${rows}
			<button type="button" class="btn btn-default btn-sm hf-clear">${__("Start Over")}</button>
		</div>`
	);
	const root = wrapper(frm).off(".hf");
	root.on("change.hf input.hf", "textarea, input[type=text]", ({ target }) =>
		answer(frm, target.name, target.value)
	);
	root.on("change.hf", "input[type=radio]", ({ target }) => answer(frm, target.dataset.code, target.value));
	root.on("click.hf", "[data-unanswer]", ({ currentTarget }) => {
		const code = currentTarget.dataset.unanswer;
		root.find(`[data-code="${code}"] input[type=radio]`).prop("checked", false);
		answer(frm, code, null);
	});
	root.on("click.hf", ".hf-clear", () => {
		frm.trial.answers = {};
		frm.trial.shape = null;
		ask(frm);
	});
}

function answer(frm, code, value) {
	frm.trial.answers[code] = value;
	try_soon(frm);
}

function row_html(frm, question, place) {
	const esc = hospital_followup.esc;
	const code = esc(question.code);
	const required = question.required ? ` <span class="text-danger" title="${__("Required")}">*</span>` : "";
	return `<div class="hf-try-question" role="group" aria-labelledby="hf-${code}" data-code="${code}">
		<p class="hf-try-asked" id="hf-${code}">${place + 1}. ${esc(question.text)}${required} <span class="hf-try-flag"></span></p>
		${question.hint ? `<p class="text-muted">${esc(question.hint)}</p>` : ""}
		<div class="hf-try-inputs">${inputs(frm, question)}</div>
		<p class="hf-try-error text-danger" role="alert"></p>
	</div>`;
}

function inputs(frm, question) {
	const esc = hospital_followup.esc;
	const given = frm.trial.answers[question.code] ?? "";
	const label = esc(question.text);
	if (question.answer_type === "Text") {
		return `<textarea class="form-control" rows="2" name="${esc(question.code)}" aria-label="${label}">${esc(
			given
		)}</textarea>`;
	}
	const steps = question.answer_type === "Scale" ? scale_steps(question) : question.choices;
	if (steps.length) {
		const buttons = steps.map(({ value, label }) => {
			const checked = String(given) === String(value) ? "checked" : "";
			return `<label class="hf-try-choice"><input type="radio" name="${esc(frm.doc.name)}-${esc(question.code)}"
				data-code="${esc(question.code)}" value="${esc(value)}" ${checked}> ${esc(label)}</label>`;
		});
		return `${buttons.join("")}<button type="button" class="btn btn-link btn-xs hf-try-unanswer"
			data-unanswer="${esc(question.code)}">${__("Clear")}</button>`;
	}
	const range = [question.minimum, question.maximum].every((end) => end !== null)
		? `${question.minimum} – ${question.maximum} `
		: "";
	return `<input type="text" inputmode="decimal" class="form-control" name="${esc(question.code)}"
		value="${esc(given)}" autocomplete="off" aria-label="${label}">
		<span class="text-muted">${esc(range)}${esc(question.unit)}</span>`;
}

/** The steps of a scale that fits in a row; a longer one is typed. */
function scale_steps({ minimum, maximum }) {
	if (minimum === null || maximum === null || maximum - minimum > 10 || maximum < minimum) return [];
	const steps = [];
	for (let step = Math.ceil(minimum); step <= maximum; step++) steps.push({ value: step, label: step });
	return steps;
}

function show_state(frm, { state, errors, problems }) {
	const root = wrapper(frm);
	const visible = new Set(state.visible);
	root.find(".hf-try-question").each((_place, row) => {
		const code = row.dataset.code;
		row.hidden = !visible.has(code);
		row.querySelector(".hf-try-flag").innerHTML = flag_pill(state.flags[code]);
		row.querySelector(".hf-try-error").textContent = errors[code] || "";
	});
	const hidden = root.find(".hf-try-question").length - visible.size;
	root.find(".hf-problems").html(problems_html(problems));
	root.find(".hf-try-summary").html(summary_html(state, hidden));
}

function flag_pill(flag) {
	if (!flag) return "";
	const words = { Red: __("Red: doctor on duty at once"), Amber: __("Amber: within a working day") };
	return hospital_followup.pill(words[flag], flag === "Red" ? "red" : "orange");
}

function problems_html(problems) {
	if (!problems.length) return "";
	const list = problems.map((problem) => `<li>${problem}</li>`).join("");
	return `<div class="hf-panel hf-red"><h4>${__("To put right before it can be saved")}</h4><ul>${list}</ul></div>`;
}

function summary_html(state, hidden) {
	const lines = state.scores.map((score) => {
		const points = score.score === null ? __("not complete yet") : score.score;
		return `${hospital_followup.esc(score.title)}: <b>${points}</b> ${flag_pill(score.flag)}`;
	});
	if (hidden) lines.push(__("Not asked with these answers: {0}", [hidden]));
	lines.push(
		state.unremarkable
			? `✓ ${__("Complete, nothing remarkable.")}`
			: state.complete
				? `✓ ${__("Complete.")}`
				: __("Required answers still missing: {0}", [state.missing.length])
	);
	return `<ul class="list-unstyled">${lines.map((line) => `<li>${line}</li>`).join("")}</ul>`;
}
