// A rule is read as a sentence while it is written, and tried on past contacts before it is switched on.
const OPERATORS = {
	"=": () => __("is", null, "Condition"),
	"!=": () => __("is not", null, "Condition"),
	">": () => __("is more than", null, "Condition"),
	">=": () => __("is at least", null, "Condition"),
	"<": () => __("is less than", null, "Condition"),
	"<=": () => __("is at most", null, "Condition"),
	Contains: () => __("contains", null, "Condition"),
	Rises: () => __("rises", null, "Condition"),
	Falls: () => __("falls", null, "Condition"),
};
const SEVERITY = { Red: "red", Amber: "orange" };
const WORDS_SHOWN = 6;

frappe.ui.form.on("Follow-up Alert Rule", {
	async setup(frm) {
		const grid = frm.get_field("conditions").grid;
		const options = Object.entries(OPERATORS).map(([value, label]) => ({ value, label: label() }));
		grid.update_docfield_property("operator", "options", options);
		frappe.meta.docfield_map["Follow-up Alert Condition"].operator.formatter = (value) =>
			hospital_followup.esc(OPERATORS[value]?.() || value);
		const questions = await hospital_followup.call("rule_api.alert_rule_questions");
		frm.questions = Object.fromEntries(questions.map((question) => [question.code, question]));
		const codes = questions.map(({ code, text }) => ({ value: code, label: code, description: text }));
		grid.update_docfield_property("question_code", "options", codes);
		show_rule(frm);
	},
	refresh(frm) {
		show_rule(frm);
		show_trial(frm);
	},
	title: (frm) => show_rule(frm),
	severity: (frm) => show_rule(frm),
	enabled: (frm) => show_rule(frm),
	match: (frm) => show_rule(frm),
	role: (frm) => show_rule(frm),
	respond_within_hours: (frm) => show_rule(frm),
	hours_counted: (frm) => show_rule(frm),
});

const changed = (frm) => {
	show_rule(frm);
	show_trial(frm);
};
frappe.ui.form.on("Follow-up Alert Condition", {
	fact(frm, doctype, name) {
		// Words are looked for, everything else is compared.
		const row = locals[doctype][name];
		const words = row.fact === "Free Text";
		if (row.fact === "Asks for a Call")
			frappe.model.set_value(doctype, name, { operator: "=", value: "Yes" });
		else if (words !== (row.operator === "Contains"))
			frappe.model.set_value(doctype, name, "operator", words ? "Contains" : ">=");
		changed(frm);
	},
	question_code: changed,
	operator: changed,
	value: changed,
	over_contacts: changed,
	over_days: changed,
	conditions_add: changed,
	conditions_remove: changed,
});

function show_rule(frm) {
	const { doc } = frm;
	const conditions = (doc.conditions || []).map((row) => condition_html(frm, row)).filter(Boolean);
	const joined = doc.match === "Any Condition" ? __("or", null, "Condition") : __("and", null, "Condition");
	const pill = hospital_followup.pill(__(doc.severity), SEVERITY[doc.severity]);
	hospital_followup.panel(frm, "overview", {
		colour: doc.enabled ? SEVERITY[doc.severity] : "gray",
		title: conditions.length
			? __("If {0}: alert {1}", [conditions.join(` ${joined} `), pill])
			: __("Add a condition below."),
		lines: [conditions.length && response_html(doc), ...record_lines(frm), off_line(doc)],
	});
}

function off_line(doc) {
	return !doc.enabled && __("Switched off: try it on past contacts below before you enable it.");
}

function response_html({ role, respond_within_hours, hours_counted, escalate_to }) {
	const within = [__(role), respond_within_hours];
	const sentence =
		hours_counted === "Working Days"
			? __("It goes to: {0}. To be answered within {1} hours, counted on working days.", within)
			: __("It goes to: {0}. To be answered within {1} hours, day and night.", within);
	return escalate_to
		? `${sentence} ${__("Nobody has acknowledged it by then: {0} is told.", [__(escalate_to)])}`
		: sentence;
}

/** What became of the rule's alerts; a weak rule is pointed out in words and colour. */
function record_lines(frm) {
	const record = frm.doc.__onload?.record;
	if (!record || frm.is_new() || !record.raised) return [];
	if (!record.judged) return [__("Alerts raised so far: {0}, none judged yet.", [record.raised])];
	const numbers = [record.raised, record.judged, record.right, Math.round(record.percent)];
	const line = __("Alerts raised so far: {0}. Judged: {1}, right: {2} ({3}%).", numbers);
	if (!record.weak) return [line];
	const hint = __(
		"Most of its alerts were false. Narrow its conditions, try it on past contacts, or switch it off."
	);
	return [line, `${hospital_followup.pill(__("Weak rule"), "orange")} ${hint}`];
}

function condition_html(frm, row) {
	const question = frm.questions?.[row.question_code];
	if (!row.fact || (row.fact === "Answer" && !row.question_code)) return "";
	const fact = row.fact === "Answer" ? `“${question?.text || row.question_code}”` : __(row.fact);
	const words = [fact, OPERATORS[row.operator]?.() || row.operator, value_words(row, question)];
	return hospital_followup.esc(words.filter(Boolean).join(" ")).bold();
}

function value_words(row, question) {
	const unit = question?.unit || "";
	if (["Rises", "Falls"].includes(row.operator)) {
		return [
			row.value && __("by at least {0}", [`${row.value} ${unit}`.trim()]),
			row.over_contacts >= 2 && __("at {0} contacts in a row", [row.over_contacts]),
			row.over_days > 0 && __("within {0} days", [row.over_days]),
		]
			.filter(Boolean)
			.join(", ");
	}
	if (row.operator === "Contains") {
		const words = split_words(row.value);
		const shown = words.slice(0, WORDS_SHOWN).join(", ");
		const more = words.length - WORDS_SHOWN;
		return more > 0 ? __("{0} and {1} more", [shown, more]) : shown;
	}
	const choice = question?.choices.find(({ value }) => value === row.value);
	return choice ? choice.label : `${__(row.value || "")} ${unit}`.trim();
}

const split_words = (text) =>
	(text || "")
		.split(/[,，、;；\n|]+/)
		.map((word) => word.trim())
		.filter(Boolean);

function show_trial(frm) {
	const wrapper = frm.get_field("trial").$wrapper;
	const words = (frm.doc.conditions || []).filter((row) => row.operator === "Contains");
	if (wrapper.find(".hf-rule-trial").length && wrapper.data("of") === frm.doc.name) {
		wrapper.find(".hf-words").toggle(words.length > 0);
		return;
	}
	const today = frappe.datetime.get_today();
	const month_ago = frappe.datetime.add_days(today, -30);
	const date = (name, label, value) =>
		`<label>${label} <input type="date" class="form-control" name="${name}" value="${value}" max="${today}"></label>`;
	wrapper.data("of", frm.doc.name).html(
		`<div class="hf-rule-trial">
			<p class="text-muted">${__(
				"What the rule would have raised, as it stands in this form, saved or not. Nothing is written, nobody is told."
			)}</p>
			<div class="hf-try-period">
				${date("from", __("From"), month_ago)} ${date("to", __("To"), today)}
				<button type="button" class="btn btn-primary btn-sm hf-try-past">${__("Try on Past Contacts")}</button>
			</div>
			<div class="hf-try-result" aria-live="polite"></div>
			<div class="hf-words">
				<label>${__("Try a sentence")}
					<input type="text" class="form-control" name="sentence" autocomplete="off"
						placeholder="${__("For example: no fever, but chest pain since yesterday")}"></label>
				<p class="hf-words-found" aria-live="polite"></p>
			</div>
		</div>`
	);
	wrapper.find(".hf-words").toggle(words.length > 0);
	wrapper.off(".hf").on("click.hf", ".hf-try-past", () => simulate(frm));
	wrapper.on(
		"input.hf",
		"[name=sentence]",
		frappe.utils.debounce(({ target }) => try_sentence(frm, target.value), 300)
	);
}

async function try_sentence(frm, text) {
	const rows = (frm.doc.conditions || []).filter((row) => row.operator === "Contains");
	const output = frm.get_field("trial").$wrapper.find(".hf-words-found");
	if (!text.trim()) return output.empty();
	let found;
	try {
		found = await hospital_followup.call("rule_api.try_words", {
			words: rows.map((row) => row.value).join("\n"),
			text,
		});
	} catch {
		return output.empty(); // Frappe has shown why
	}
	let place = 0;
	let html = "";
	for (const { start, end } of found) {
		if (start < place) continue;
		const letters = [...text];
		html += hospital_followup.esc(letters.slice(place, start).join(""));
		html += `<mark>${hospital_followup.esc(letters.slice(start, end).join(""))}</mark>`;
		place = end;
	}
	html += hospital_followup.esc([...text].slice(place).join(""));
	const verdict = found.length
		? hospital_followup.pill(__("Raises an alert"), SEVERITY[frm.doc.severity])
		: hospital_followup.pill(__("No alert"), "green");
	output.html(`${verdict} ${html}`);
}

async function simulate(frm) {
	const wrapper = frm.get_field("trial").$wrapper;
	const output = wrapper.find(".hf-try-result").html(`<p class="text-muted">${__("Looking…")}</p>`);
	const button = wrapper.find(".hf-try-past").prop("disabled", true);
	try {
		const result = await hospital_followup.call("rule_api.simulate_alert_rule", {
			draft: frm.doc,
			from_date: wrapper.find("[name=from]").val(),
			to_date: wrapper.find("[name=to]").val(),
		});
		draw_result(output, result);
	} catch {
		output.empty(); // Frappe has shown why
	} finally {
		button.prop("disabled", false);
	}
}

function draw_result(output, result) {
	const day = (date) => hospital_followup.day(date);
	const period = [result.raised, day(result.since), day(result.until)];
	const headline =
		result.raised === 1
			? __("Would have raised 1 alert from {1} to {2}", period)
			: __("Would have raised {0} alerts from {1} to {2}", period);
	output.html(
		`<section class="hf-panel hf-${result.raised ? "blue" : "gray"}">
			<h4>${headline}</h4>
			<p>${looked_at(result)}</p>${judged_html(result.judged)}
		</section>
		<div class="hf-try-weeks"></div>${alerts_html(result)}`
	);
	if (result.raised && result.weeks.length > 1) {
		new frappe.Chart(output.find(".hf-try-weeks")[0], {
			type: "bar",
			height: 160,
			animate: false,
			// The entry animation swaps the drawing, which fails when the page is redrawn meanwhile.
			disableEntryAnimation: true,
			colors: ["#2490ef"],
			axisOptions: { xIsSeries: 0 },
			title: __("Alerts by week"),
			data: {
				labels: result.weeks.map(({ start }) => day(start)),
				datasets: [{ name: __("Alerts"), values: result.weeks.map(({ count }) => count) }],
			},
		});
	}
}

function looked_at({ subject, looked_at, percent }) {
	if (!looked_at) return __("There is nothing in this period that the rule could look at.");
	const numbers = [looked_at, percent];
	if (subject === "revisit") return __("Revisits looked at: {0}; an alert for {1}% of them.", numbers);
	if (subject === "task") return __("Planned contacts looked at: {0}; an alert for {1}% of them.", numbers);
	return __("Contacts looked at: {0}; an alert in {1}% of them.", numbers);
}

function judged_html({ raised, right, false: wrong }) {
	if (!raised) return "";
	return `<p>${__("Alerts of the same contacts at the time: {0}. Judged right: {1}, judged false: {2}.", [
		raised,
		right,
		wrong,
	])}</p>`;
}

function alerts_html({ alerts, raised }) {
	if (!alerts.length) return "";
	const esc = hospital_followup.esc;
	const rows = alerts.map(
		(alert) => `<tr>
			<td>${hospital_followup.doc_link(alert.doctype, alert.name, hospital_followup.day(alert.on))}</td>
			<td>${esc(alert.patient_name)}</td><td>${esc(alert.department)}</td><td>${esc(alert.detail)}</td></tr>`
	);
	const more = raised - alerts.length;
	return `<div class="table-responsive"><table class="table table-sm hf-try-alerts">
		<thead><tr><th>${__("Date")}</th><th>${__("Patient")}</th><th>${__("Department")}</th><th>${__(
			"What Happened"
		)}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>
		${more > 0 ? `<p class="text-muted">${__("The newest are shown; {0} more.", [more])}</p>` : ""}`;
}
