// What is said in a contact: written with placeholders, tried out on a patient, signed off, then read-only.
const PARTS = ["opening", "inquiry", "guidance", "revisit_reminder", "closing"];
// What may still change while a script is in use: the day somebody looks at it again.
const LIFE_FIELDS = ["review_by"];

frappe.ui.form.on("Follow-up Script", {
	async refresh(frm) {
		lock(frm);
		show_state(frm);
		add_buttons(frm);
		await frappe.require("template_editor.bundle.js");
		frm.script_facts ??= await hospital_followup.call("script_desk.script_placeholders");
		if (frm.doc.status === "Draft") complete_parts(frm);
		show_placeholders(frm);
		check_soon(frm);
	},

	language: (frm) => check_soon(frm),

	async before_workflow_action(frm) {
		const status = hospital_followup.status_after(frm, frm.selected_workflow_action);
		if (status !== "Approved") return;
		const review_by = await hospital_followup.before_step(frm, () => ask_review_date(frm));
		if (frm.doc.review_by === review_by) return;
		frappe.dom.unfreeze();
		await frm.set_value("review_by", review_by);
		await frm.save();
		frappe.dom.freeze();
	},
});

function is_draft(frm) {
	return frm.doc.status === "Draft";
}

function lock(frm) {
	for (const { df } of frm.fields.filter((field) => frappe.model.is_value_type(field.df.fieldtype))) {
		df.hf_read_only ??= df.read_only || 0;
		if (df.hf_read_only || LIFE_FIELDS.includes(df.fieldname)) continue;
		frm.set_df_property(df.fieldname, "read_only", is_draft(frm) ? 0 : 1);
	}
}

function show_state(frm) {
	const { status, approved_by, approved_on, review_by, source_note } = frm.doc;
	const words = {
		Draft: __("Draft: write the parts, try them out with Preview, then send the script for sign-off."),
		Approved: __("In use. It cannot be changed; make a new version instead."),
		Retired: __("Retired. Earlier contacts can still be read as they were."),
	};
	const lines = [];
	if (is_draft(frm) && !frm.is_new()) lines.push(step_words(frm));
	if (status === "Approved" && approved_by) {
		lines.push(
			__("Signed off by {0} on {1}.", [
				hospital_followup.esc(frappe.user.full_name(approved_by)),
				hospital_followup.day(approved_on),
			])
		);
	} else if (status === "Approved") {
		lines.push(
			__("Starting content of the app: read it, and have a version of your own signed off by a doctor.")
		);
	}
	let colour = hospital_followup.colour("policy", status === "Approved" ? "Active" : status);
	if (status === "Approved" && review_by) {
		const late = review_by < frappe.datetime.get_today();
		const day = hospital_followup.day(review_by);
		lines.push(
			late ? `⚠ ${__("It was to be reviewed by {0}.", [day])}` : __("To be reviewed by {0}.", [day])
		);
		if (late) colour = "red";
	}
	if (!is_draft(frm)) lines.push(used_for(frm.doc));
	if (source_note && !is_draft(frm)) {
		lines.push(`<span class="text-muted">${__("Source")}: ${hospital_followup.esc(source_note)}</span>`);
	}
	const body = `<p class="hf-script-check" role="status"></p>`;
	hospital_followup.panel(frm, "overview", { colour, title: words[status] || "", lines, body });
}

function used_for({ condition, audience, department, channel, language }) {
	const scope = [
		condition ? hospital_followup.esc(condition) : __("every disease"),
		audience ? __(audience) : __("all patients"),
		department ? hospital_followup.esc(department) : __("every department"),
		channel ? __(channel) : __("every channel"),
		frappe.utils.get_link_title("Language", language) || language,
	];
	return __("Used for: {0}", [scope.join(" · ")]);
}

/** Where a draft stands in the hospital's own workflow, whatever its states are called. */
function step_words(frm) {
	if (!frappe.model.has_workflow(frm.doctype)) return "";
	const state = frm.doc[frappe.workflow.get_state_fieldname(frm.doctype)];
	if (!state || state === frappe.workflow.get_default_state(frm.doctype, 0)) return "";
	return __("Now: {0}. A doctor signs it off under Actions.", [
		`<b>${hospital_followup.esc(__(state))}</b>`,
	]);
}

function add_buttons(frm) {
	frm.add_custom_button(__("Preview"), () => preview(frm));
	if (frm.is_new() || is_draft(frm) || !frappe.model.can_create(frm.doctype)) return;
	frm.add_custom_button(__("New Version"), async () => {
		const name = await hospital_followup.call("script_desk.new_script_version", { script: frm.doc.name });
		frappe.show_alert({ message: __("{0} is ready to be changed.", [name]), indicator: "green" });
		frappe.set_route("Form", frm.doctype, name);
	});
	frm.change_custom_button_type(__("New Version"), null, "primary");
}

function facts_for(frm, part) {
	return frm.script_facts.filter((fact) => part !== "opening" || !fact.is_health);
}

function complete_parts(frm) {
	for (const part of PARTS) {
		const textarea = frm.get_field(part).$input?.get(0);
		if (!textarea || textarea.hf_menu) continue;
		const menu = hospital_followup.complete_placeholders(textarea, () => facts_for(frm, part));
		if (document.activeElement === textarea) {
			frm.script_part = part; // the person was faster than the desk
			menu.look();
		}
		textarea.addEventListener("focus", () => (frm.script_part = part));
		textarea.addEventListener("input", () => {
			grow(textarea);
			check_soon(frm);
		});
		grow(textarea);
	}
}

/** The whole text is seen at once: what is read aloud is read as a whole. */
function grow(textarea) {
	textarea.style.height = "auto";
	textarea.style.height = `${Math.max(textarea.scrollHeight + 4, 90)}px`;
}

function show_placeholders(frm) {
	const row = (fact) => `<li><button type="button" class="btn btn-default btn-xs" data-name="${fact.name}"
		${is_draft(frm) ? "" : "disabled"}><code>${fact.name}</code></button>
		<span>${hospital_followup.esc(fact.meaning)}${
			fact.example ? ` <span class="text-muted">· ${hospital_followup.esc(fact.example)}</span>` : ""
		}</span></li>`;
	const group = (title, facts) =>
		`<div><h5>${title}</h5><ul class="hf-placeholders">${facts.map(row).join("")}</ul></div>`;
	const early = frm.script_facts.filter((fact) => !fact.is_health);
	const late = frm.script_facts.filter((fact) => fact.is_health);
	const wrapper = frm.get_field("placeholders").$wrapper;
	wrapper.html(
		`<p class="text-muted">${__(
			"Type {0} in a part and choose, or click one here. A line shown only when something is known is written {1}.",
			["<code>{{</code>", "<code>{% if revisit_date %} … {% endif %}</code>"]
		)}</p><div class="hf-placeholder-groups">${group(__("In every part"), early)}${group(
			__("Only after the identity check, not in the opening"),
			late
		)}</div>`
	);
	wrapper.find("button").on("click", (event) => {
		const fact = frm.script_facts.find((item) => item.name === event.currentTarget.dataset.name);
		let part = frm.script_part || "inquiry";
		if (part === "opening" && fact.is_health) part = "inquiry";
		hospital_followup.insert_placeholder(frm.get_field(part).$input.get(0), fact);
	});
}

function draft_of(frm) {
	const draft = { ...frm.doc };
	for (const part of PARTS) draft[part] = frm.get_field(part).$input?.val() ?? frm.doc[part];
	return draft;
}

// The server has the last word on what may stand in a text; it also knows how long reading it takes.
const check_soon = frappe.utils.debounce(async (frm) => {
	if (!frm.doc.language) return;
	const draft = draft_of(frm);
	const found = await hospital_followup.call("script_desk.check_script", { draft });
	for (const part of PARTS) show_check(frm, part, found);
	const seconds = Object.values(found.seconds).reduce((sum, value) => sum + value, 0);
	frm.get_field("overview")
		.$wrapper.find(".hf-script-check")
		.text(found.problems.length ? __("Something is still to be put right below.") : reading(seconds));
}, 500);

function reading(seconds) {
	if (!seconds) return "";
	if (seconds < 60) return __("About {0} seconds to read aloud", [seconds]);
	return __("About {0} minutes to read aloud", [Math.round(seconds / 30) / 2]);
}

function show_check(frm, part, found) {
	const $wrapper = frm.get_field(part).$wrapper;
	const problems = found.problems.filter((problem) => problem.part === part);
	if (!$wrapper.find(".hf-part-check").length) {
		$wrapper.append(`<div class="hf-part-check" role="status"></div>`);
	}
	const lines = problems.map(
		(problem) => `<p class="hf-wrong">✕ ${hospital_followup.esc(problem.message)}</p>`
	);
	$wrapper
		.find(".hf-part-check")
		.html(lines.join("") || `<p class="text-muted">${reading(found.seconds[part])}</p>`);
	frm.get_field(part).$input?.attr("aria-invalid", problems.length ? "true" : "false");
}

function preview(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Preview: {0}", [hospital_followup.esc(frm.doc.title || __("New Script"))]),
		size: "large",
		fields: [
			{
				fieldtype: "Select",
				fieldname: "sample",
				label: __("Read Out To"),
				options: [
					{ value: "everything", label: __("A sample patient of whom everything is known") },
					{ value: "little", label: __("A sample patient of whom hardly anything is known") },
					{ value: "caregiver", label: __("The caregiver of a sample patient") },
					{ value: "patient", label: __("A patient of the hospital") },
				],
				default: "everything",
				onchange: () => show(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Link",
				fieldname: "patient",
				label: __("Patient"),
				options: "Follow-up Patient",
				depends_on: "eval:doc.sample === 'patient'",
				onchange: () => show(),
			},
			{ fieldtype: "Section Break", hide_border: 1 },
			{ fieldtype: "HTML", fieldname: "text" },
		],
	});
	const show = async () => {
		const { sample, patient } = dialog.get_values(true) || {};
		const $text = dialog.fields_dict.text.$wrapper;
		if (sample === "patient" && !patient) return $text.empty();
		await hospital_followup.unless_refused(async () => {
			const args = { draft: draft_of(frm), ...(sample === "patient" ? { patient } : { sample }) };
			$text.html(preview_html(await hospital_followup.call("script_desk.preview_script", args)));
		});
	};
	dialog.show();
	show();
}

function preview_html({ problems, parts, seconds }) {
	if (problems.length) {
		const list = problems.map((problem) => `<li>${hospital_followup.esc(problem.message)}</li>`);
		return `<div class="hf-panel hf-red"><h4>${__("To put right first")}</h4><ul>${list.join("")}</ul></div>`;
	}
	const check = `<p class="hf-identity">${__("Now the identity is checked; only then the conversation goes on.")}</p>`;
	const shown = parts.map(
		(part) =>
			`<section><h5>${part.label}</h5>${part.html}</section>${part.part === "opening" ? check : ""}`
	);
	return `<div class="hf-script-preview">${shown.join("")}<p class="text-muted">${reading(seconds)}</p></div>`;
}

async function ask_review_date(frm) {
	const found = await hospital_followup.call("script_desk.check_script", { draft: frm.doc });
	const former = found.former.map(hospital_followup.esc).join(", ");
	return new Promise((resolve) => {
		const words = [
			__("From now on callers read it out to the patients it fits."),
			former && __("{0} retires.", [former]),
		];
		const dialog = new frappe.ui.Dialog({
			title: __("Approve: {0}", [hospital_followup.esc(frm.doc.name)]),
			fields: [
				{ fieldtype: "HTML", options: `<p>${words.filter(Boolean).join("<br>")}</p>` },
				{
					fieldtype: "Date",
					fieldname: "review_by",
					label: __("Review By"),
					description: __("Two weeks before this day you and the administrators are reminded."),
					default: frm.doc.review_by || frappe.datetime.add_months(frappe.datetime.get_today(), 6),
					reqd: 1,
				},
			],
			primary_action_label: __("Approve"),
			primary_action({ review_by }) {
				resolve(review_by);
				dialog.hide();
			},
			secondary_action_label: __("Go Back"),
			secondary_action: () => dialog.hide(),
			on_hide: () => resolve(null),
		});
		dialog.show();
	});
}
