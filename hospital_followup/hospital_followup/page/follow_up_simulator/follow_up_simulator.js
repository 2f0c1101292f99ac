// The simulator: what a policy and pathways would mean for the people who call, before anybody activates them.
const POLICY = "Follow-up Policy";
const PATHWAY = "Care Pathway";
const EVENT = "followup_simulation";
// Progress comes by itself; where it does not, the page asks.
const ASK_AGAIN_MS = 3000;

frappe.pages["follow-up-simulator"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Follow-up Simulator"),
		single_column: true,
	});
	wrapper.simulator = new Simulator(page);
};

frappe.pages["follow-up-simulator"].on_page_show = function (wrapper) {
	wrapper.simulator.show();
};

class Simulator {
	constructor(page) {
		this.page = page;
		page.set_primary_action(__("Simulate"), () => this.run(), "refresh");
		this.$page = $('<div class="hf-simulator"></div>').appendTo(page.main);
		const $form = $('<div class="hf-simulator-form"></div>').appendTo(this.$page);
		this.$result = $('<div class="hf-simulator-result" aria-live="polite"></div>').appendTo(this.$page);
		this.form = new frappe.ui.FieldGroup({ fields: fields(), body: $form });
		this.form.make();
		this.$result.on("click", "[data-action]", (event) => this[event.currentTarget.dataset.action]());
		frappe.realtime.on(EVENT, (news) => this.hear(news));
	}

	/** From the form of a policy or a pathway the question is clear, so it is answered at once. */
	show() {
		const { policy, pathway } = frappe.route_options || {};
		frappe.route_options = null;
		if (this.ready && !policy && !pathway) return;
		this.ready = this.begin_with({ policy, pathway });
		if (policy || pathway) this.run();
	}

	async begin_with(chosen) {
		this.$result.empty();
		await this.form.set_values(await hospital_followup.call("simulator_api.simulator_defaults", chosen));
	}

	async run() {
		await this.ready;
		const question = this.form.get_values();
		if (!question) return;
		await hospital_followup.unless_refused(async () => {
			await this.stop();
			this.wait(0, __("The discharges are being planned…"));
			const answer = hospital_followup.call("simulator_api.simulate", { question });
			answer.catch(() => this.$result.empty());
			this.take(await answer);
		});
	}

	/** The answer, or how far it is. */
	take(state) {
		this.asked = state.simulation;
		if (state.status === "Finished") return this.draw(state.answer);
		if (state.status === "Failed") return this.fail(state.message);
		if (state.status === "Stopped") return this.$result.empty();
		this.progress(state);
		this.ask_later();
	}

	ask_later() {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.ask(), ASK_AGAIN_MS);
	}

	async ask() {
		clearTimeout(this.timer);
		// What is asked without a connection is never answered, not even with an error.
		if (!navigator.onLine) return this.ask_later();
		const simulation = this.asked;
		const state = await hospital_followup
			.call("simulator_api.simulation_state", { simulation })
			.catch(() => ({ simulation, status: "Failed" }));
		if (simulation === this.asked) this.take(state);
	}

	hear(news) {
		if (news.simulation !== this.asked) return;
		if (["Queued", "Running"].includes(news.status)) this.progress(news);
		else this.ask();
	}

	progress({ status, percent, message }) {
		this.wait(
			percent,
			status === "Queued"
				? hospital_followup.esc(message || __("Waiting for a background worker…"))
				: __("{0} % of the discharges are planned.", [percent]),
			`<button type="button" class="btn btn-default btn-sm" data-action="stop">${__("Stop")}</button>`
		);
	}

	wait(percent, words, button = "") {
		this.$result.html(
			`<section class="hf-panel hf-blue"><h4>${words}</h4>
				<div class="progress"><div class="progress-bar" role="progressbar" style="width: ${percent}%"
					aria-valuenow="${percent}" aria-valuemin="0" aria-valuemax="100"></div></div>${button}</section>`
		);
	}

	/** Nobody waits for the former question any more. */
	async stop() {
		const simulation = this.asked;
		clearTimeout(this.timer);
		this.asked = null;
		this.$result.empty();
		if (simulation) await hospital_followup.call("simulator_api.stop_simulation", { simulation });
	}

	fail(message = __("The answer was lost. Please simulate again.")) {
		const words = hospital_followup.esc(message);
		this.$result.html(`<section class="hf-panel hf-red"><h4>${words}</h4></section>`);
	}

	draw(answer) {
		this.answer = answer;
		const { headline, notes, charts } = answer;
		const lines = notes
			.map((note) => `<p class="text-muted">${hospital_followup.esc(note)}</p>`)
			.join("");
		this.$result.html(
			`<section class="hf-panel hf-${headline.colour}"><h4>${hospital_followup.esc(headline.title)}</h4>
				<p>${hospital_followup.esc(headline.text)}</p>
				${headline.failed ? `<p>${hospital_followup.esc(headline.failed)}</p>` : ""}
				${headline.worst ? `<p>${__("The worst day:")} ${hospital_followup.esc(headline.worst)}</p>` : ""}
				${lines}</section>
			${answer.discharges ? charts_html(charts) : ""}
			<div class="hf-simulator-tables">${comparison_html(answer)}${overloads_html(answer)}</div>
			${answer.discharges ? exports_html(answer) : ""}`
		);
		charts.forEach(({ chart }, index) => {
			new frappe.Chart(this.$result.find(`[data-chart="${index}"]`)[0], {
				...chart,
				height: 260,
				valuesOverPoints: chart.data.labels.length <= 16 ? 1 : 0,
			});
		});
	}

	spreadsheet() {
		this.download("download_simulation", { simulation: this.asked });
	}

	policy_file() {
		this.download("download_policy", { policy: this.answer.policy });
	}

	pathways_file() {
		this.download("download_pathways", { pathways: JSON.stringify(this.answer.pathways) });
	}

	/** In a window of its own: there, a refusal takes nobody away from the answer. */
	download(method, args) {
		window.open_url_post(`/api/method/hospital_followup.simulator_api.${method}`, args, true);
	}
}

function fields() {
	const made_up = "eval:doc.source==='Made-up Volume'";
	const number = (fieldname, label, usual) => ({
		fieldtype: "Int",
		fieldname,
		label,
		default: usual,
		non_negative: 1,
	});
	return [
		{ fieldtype: "Link", fieldname: "policy", label: __(POLICY), options: POLICY, reqd: 1 },
		{ fieldtype: "Column Break" },
		{
			fieldtype: "MultiSelectList",
			fieldname: "pathways",
			label: __("Care Pathways"),
			get_data: (txt) =>
				frappe.db.get_link_options(PATHWAY, txt, { status: ["in", ["Draft", "Approved"]] }),
		},
		{ fieldtype: "Section Break" },
		{
			fieldtype: "Select",
			fieldname: "source",
			label: __("Which Discharges"),
			options: [
				{ value: "Past Discharges", label: __("Past Discharges") },
				{ value: "Made-up Volume", label: __("Made-up Volume") },
			],
			default: "Past Discharges",
		},
		{ fieldtype: "Column Break" },
		{ fieldtype: "Date", fieldname: "from_date", label: __("From"), reqd: 1 },
		{ fieldtype: "Column Break" },
		{ fieldtype: "Date", fieldname: "to_date", label: __("To"), reqd: 1 },
		{ fieldtype: "Column Break" },
		{
			fieldtype: "Link",
			fieldname: "department",
			label: __("Department"),
			options: "Follow-up Department",
			placeholder: __("the whole hospital"),
		},
		{ fieldtype: "Section Break", depends_on: made_up },
		number("per_day", __("Discharges per Day"), 20),
		number("pathway_percent", __("Following a Pathway (%)"), 30),
		{ fieldtype: "Column Break" },
		number("risk_high", __("High risk (%)"), 20),
		number("risk_medium", __("Medium risk (%)"), 30),
		number("risk_low", __("Low risk (%)"), 50),
		{ fieldtype: "Column Break" },
		number("value_high", __("High value (%)"), 20),
		number("value_medium", __("Medium value (%)"), 50),
		number("value_low", __("Low value (%)"), 30),
	];
}

function charts_html(charts) {
	return charts
		.map(
			({ title }, index) =>
				`<section class="hf-simulator-chart"><h5>${hospital_followup.esc(title)}</h5>
					<div data-chart="${index}"></div></section>`
		)
		.join("");
}

function comparison_html({ comparison, discharges, decisions }) {
	if (!discharges) return "";
	const number = (value) =>
		frappe.format(
			value,
			Number.isInteger(value) ? { fieldtype: "Int" } : { fieldtype: "Float", precision: 1 },
			{ inline: 1 }
		);
	const cell = (value, note) =>
		`<td class="text-right">${number(value)}${
			note ? `<br><small class="text-muted">${hospital_followup.day(note)}</small>` : ""
		}</td>`;
	const change = (value) =>
		`<td class="text-right">${value > 0 ? "+" : ""}${value ? number(value) : "–"}</td>`;
	const rows = comparison.map((row) =>
		row.heading
			? `<tr><th colspan="4" scope="colgroup">${hospital_followup.esc(row.label)}</th></tr>`
			: `<tr class="${row.strong ? "hf-strong" : ""}"><td>${hospital_followup.esc(row.label)}</td>
				${cell(row.now, row.notes[0])}${cell(row.then, row.notes[1])}${change(row.change)}</tr>`
	);
	const became = decisions
		.map(({ label, count }) => `${hospital_followup.esc(label)}: ${count}`)
		.join(" · ");
	return `<section><h5>${__("Compared With Today")}</h5>
		<div class="hf-scroll"><table class="table table-bordered hf-compare">
			<thead><tr><th></th><th class="text-right">${__("As It Is Today")}</th>
				<th class="text-right">${__("With This Choice")}</th>
				<th class="text-right">${__("Difference")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table></div>
		<p class="text-muted">${__("Discharges: {0}", [discharges])} · ${became}</p></section>`;
}

function overloads_html({ overloads, overload_count, per_person }) {
	if (!overloads.length) return "";
	const rows = overloads.map(
		(row) =>
			`<tr><td class="text-nowrap">${hospital_followup.day(row.date)}${
				row.closed ? `<br><small class="text-muted">${__("closed day")}</small>` : ""
			}</td><td>${hospital_followup.esc(row.role)}</td><td class="text-right">${row.contacts}</td>
			<td class="text-right">${row.people}</td><td class="text-right">${row.capacity}</td>
			<td class="text-right"><b>${row.missing}</b></td></tr>`
	);
	const more = overload_count - overloads.length;
	const rest = more > 0 ? `<p class="text-muted">${__("{0} more in the spreadsheet.", [more])}</p>` : "";
	return `<section><h5>${__("Days with too few people, the worst first")}</h5>
		<div class="hf-scroll"><table class="table table-bordered hf-compare">
			<thead><tr><th>${__("Date")}</th><th>${__("Role")}</th>
				<th class="text-right">${__("Calls and Visits")}</th><th class="text-right">${__("People There")}</th>
				<th class="text-right">${__("Can Do")}</th><th class="text-right">${__("People Missing")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table></div>${rest}
		<p class="text-muted">${__(
			"People missing: at {0} calls and visits per person and day. Absences, closed days and the duty roster are counted.",
			[per_person]
		)}</p></section>`;
}

function exports_html({ pathways }) {
	const button = (action, label) =>
		`<button type="button" class="btn btn-default btn-sm" data-action="${action}">${label}</button>`;
	const files = frappe.model.can_export(POLICY)
		? button("policy_file", __("Policy for the Preview Command")) +
			(pathways.length ? button("pathways_file", __("Pathways for the Preview Command")) : "")
		: "";
	return `<p class="hf-simulator-exports">${button("spreadsheet", __("Spreadsheet"))}${files}</p>`;
}
