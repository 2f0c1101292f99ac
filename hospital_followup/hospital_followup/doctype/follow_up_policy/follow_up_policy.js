// The matrix as people think of it: risk down, value across; holes and overlaps in red, with words.
const TIERS = ["High", "Medium", "Low"];

frappe.ui.form.on("Follow-up Policy", {
	setup() {
		frappe.meta.docfield_map["Follow-up Policy Rule"].topics.formatter = (value) =>
			hospital_followup.esc(
				hospital_followup.list(hospital_followup.codes(value).map((topic) => __(topic)))
			);
	},

	refresh(frm) {
		if (!frm.is_new() && frm.doc.status !== "Draft") frm.disable_save();
		show_matrix(frm);
		show_state(frm);
		if (!frm.is_new()) add_buttons(frm);
	},

	async before_workflow_action(frm) {
		const question = {
			Active: activation_words,
			Retired: retirement_words,
		}[hospital_followup.status_after(frm, frm.selected_workflow_action)];
		if (question) await hospital_followup.before_step(frm, () => confirmed(question(frm)));
	},

	rules_add: (frm) => show_matrix(frm),
	rules_remove: (frm) => show_matrix(frm),
});

const live = (frm) => show_matrix(frm);
frappe.ui.form.on("Follow-up Policy Rule", {
	risk_tier: live,
	value_tier: live,
	interval: live,
	interval_unit: live,
	contacts: live,
	first_contact_day: live,
	channel: live,
	role: live,
	topics: live,
	clinical_floor: live,
	rules_remove: live,
	rules_add: live,
	rules_move: live,
});

function editable(frm) {
	return frm.doc.status === "Draft" && frm.perm[0]?.write;
}

function rhythm(row) {
	if (row.contacts === 1) return __("once, day {0}", [row.first_contact_day]);
	const every = {
		Day: row.interval === 1 ? __("every day") : __("every {0} days", [row.interval]),
		Week: row.interval === 1 ? __("every week") : __("every {0} weeks", [row.interval]),
		Month: row.interval === 1 ? __("every month") : __("every {0} months", [row.interval]),
	};
	return __("{0}, from day {1}", [every[row.interval_unit] || "", row.first_contact_day]);
}

function cell(frm, risk, value) {
	const rows = (frm.doc.rules || []).filter((row) => row.risk_tier === risk && row.value_tier === value);
	const disabled = editable(frm) ? "" : "disabled";
	if (!rows.length) {
		return `<td class="hf-bad"><button type="button" ${disabled} data-risk="${risk}" data-value="${value}">
			<b>✕ ${__("No rule")}</b>${__("Patients here would not be followed.")}
			${disabled ? "" : `<br><u>${__("Add a rule")}</u>`}</button></td>`;
	}
	const row = rows[0];
	const notes = [];
	if (rows.length > 1) {
		notes.push(`<b>✕ ${__("{0} rules for the same pair", [rows.length])}</b>`);
		notes.push(__("Rows {0}: remove all but one.", [rows.map((rule) => rule.idx).join(", ")]));
	}
	if (row.clinical_floor) {
		notes.push(hospital_followup.pill(__("Clinical floor"), "blue"));
	}
	return `<td class="${rows.length > 1 ? "hf-bad" : ""}">
		<button type="button" ${disabled} data-row="${row.name}">
			<b>${hospital_followup.contacts_count(row.contacts || 0)}</b>
			${hospital_followup.esc(rhythm(row))}<br>
			<span class="text-muted">${hospital_followup.how(row)}</span>
			${notes.length ? `<br>${notes.join(" ")}` : ""}
		</button></td>`;
}

function show_matrix(frm) {
	const words = {
		risk: { High: __("High risk"), Medium: __("Medium risk"), Low: __("Low risk") },
		value: { High: __("High value"), Medium: __("Medium value"), Low: __("Low value") },
	};
	const head = TIERS.map((value) => `<th scope="col">${words.value[value]}</th>`).join("");
	const body = TIERS.map(
		(risk) =>
			`<tr><th scope="row">${hospital_followup.tier_pill(risk)}</th>
			${TIERS.map((value) => cell(frm, risk, value)).join("")}</tr>`
	).join("");
	const wrapper = frm.get_field("matrix").$wrapper;
	wrapper.html(
		`<div class="hf-scroll"><table class="table table-bordered hf-matrix">
			<thead><tr><th></th>${head}</tr></thead><tbody>${body}</tbody></table></div>
		<div class="hf-problems" aria-live="polite"></div>`
	);
	wrapper.find("button").on("click", (event) => open_cell(frm, event.currentTarget.dataset));
	check_soon(frm);
}

function open_cell(frm, { row, risk, value }) {
	if (!row) {
		row = frm.add_child("rules", { risk_tier: risk, value_tier: value }).name;
		frm.refresh_field("rules");
		show_matrix(frm);
	}
	frm.get_field("rules").grid.grid_rows_by_docname[row]?.toggle_view(true);
}

// The engine has the last word on what is wrong; the server turns its findings into sentences. An answer that arrives
// after a later question was asked is left out.
const check_soon = frappe.utils.debounce((frm) => {
	if (frm.doc.status !== "Draft") return;
	const turn = (frm.policy_turn = (frm.policy_turn || 0) + 1);
	hospital_followup.call("desk.check_policy", { draft: frm.doc }).then((problems) => {
		if (turn !== frm.policy_turn) return;
		const list = problems.map((problem) => `<li>${problem}</li>`).join("");
		frm.get_field("matrix")
			.$wrapper.find(".hf-problems")
			.html(
				list
					? `<div class="hf-panel hf-red"><h4>${__(
							"To put right before activation"
						)}</h4><ul>${list}</ul></div>`
					: `<p class="text-muted">✓ ${__("All nine pairs are covered.")}</p>`
			);
	});
}, 300);

async function show_state(frm) {
	const state = {
		Draft: __("Draft: change the matrix below, then activate it."),
		Active: __("In force. It cannot be changed; make a new version instead."),
		Retired: __("Retired. Plans that were made with it go on as they are."),
	};
	const panel = {
		colour: hospital_followup.colour("policy", frm.doc.status),
		title: state[frm.doc.status] || "",
		lines: [],
	};
	if (!frm.is_new()) {
		const { running, former } = await hospital_followup.call("desk.policy_overview", {
			policy: frm.doc.name,
		});
		if (running) panel.lines.push(__("Running plans made with it: {0}", [running]));
		if (frm.doc.status === "Draft" && former.length) {
			panel.lines.push(
				__("Activating it retires {0}.", [former.map(hospital_followup.esc).join(", ")])
			);
		}
		frm.policy_former = former;
	}
	hospital_followup.panel(frm, "overview", panel);
}

function add_buttons(frm) {
	const status = frm.doc.status;
	if (frappe.model.can_create(frm.doctype) && status !== "Draft") {
		frm.add_custom_button(__("New Version"), () => new_version(frm));
		frm.change_custom_button_type(__("New Version"), null, "primary");
	}
	frm.add_custom_button(__("Running Plans"), () =>
		frappe.set_route("List", "Follow-up Plan", {
			policy: frm.doc.name,
			status: ["in", ["Draft", "Active", "Paused"]],
		})
	);
	hospital_followup.add_simulator(frm, "policy");
	if (!frm.perm[0]?.write || frappe.model.has_workflow(frm.doctype)) return;
	if (status === "Draft") {
		frm.add_custom_button(__("Activate"), () => take_step(frm, "desk.activate_policy", activation_words));
		frm.change_custom_button_type(__("Activate"), null, "primary");
	} else if (status === "Retired") {
		frm.add_custom_button(__("Activate Again"), () =>
			take_step(frm, "desk.activate_policy", activation_words)
		);
	} else {
		frm.add_custom_button(__("Retire"), () => take_step(frm, "desk.retire_policy", retirement_words));
	}
}

async function new_version(frm) {
	const name = await hospital_followup.call("desk.new_policy_version", { policy: frm.doc.name });
	frappe.show_alert({ message: __("{0} is ready to be changed.", [name]), indicator: "green" });
	frappe.set_route("Form", frm.doctype, name);
}

function activation_words(frm) {
	const former = (frm.policy_former || []).map(hospital_followup.esc).join(", ");
	return [
		__("Discharges from now on are planned with {0}.", [hospital_followup.esc(frm.doc.name).bold()]),
		former && __("{0} retires; plans that run keep it until they are planned again.", [former]),
	]
		.filter(Boolean)
		.join("<br>");
}

function retirement_words() {
	return __(
		"Nothing takes its place: discharges that only this policy covers will wait without a plan. Retire it?"
	);
}

function confirmed(question) {
	return new Promise((resolve) => {
		frappe.confirm(
			question,
			() => resolve(true),
			() => resolve(false)
		);
	});
}

async function take_step(frm, method, question) {
	if (frm.is_dirty()) await frm.save();
	if (!(await confirmed(question(frm)))) return;
	await hospital_followup.call(method, { policy: frm.doc.name });
	frm.reload_doc();
}
