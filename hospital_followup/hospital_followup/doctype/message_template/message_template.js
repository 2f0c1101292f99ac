// What a message says: written with placeholders, seen as the patient will see it, counted as networks count it.
const PARTS = ["subject", "body", "variables"];
const ASKED = ["title", "purpose", "occasion", "channel", "language", "provider_template", "provider"];

frappe.ui.form.on("Message Template", {
	setup(frm) {
		frm.set_query("provider", () => ({ filters: { channel: frm.doc.channel } }));
	},
	async refresh(frm) {
		lock(frm);
		show_state(frm);
		add_buttons(frm);
		await frappe.require("template_editor.bundle.js");
		await load_placeholders(frm);
		if (is_draft(frm)) listen(frm);
		check_soon(frm);
	},
	channel: async (frm) => {
		await load_placeholders(frm);
		check_soon(frm);
	},
	language: (frm) => check_soon(frm),
	purpose: (frm) => check_soon(frm),
	occasion: (frm) => check_soon(frm),
	provider_template: (frm) => check_soon(frm),
});

function is_draft(frm) {
	return frm.doc.status === "Draft";
}

function lock(frm) {
	for (const fieldname of [...PARTS, ...ASKED]) {
		frm.set_df_property(fieldname, "read_only", is_draft(frm) ? 0 : 1);
	}
	// A step is a button: it says what follows.
	frm.set_df_property("status", "read_only", 1);
}

function show_state(frm) {
	const words = {
		Draft: __("Draft: write the text, look at the preview, then approve it."),
		Approved: __("In use: messages of this occasion say this. It cannot be changed; make a new version."),
		Retired: __("Retired. Messages that were sent keep their words."),
	};
	const colour = hospital_followup.colour(
		"policy",
		frm.doc.status === "Approved" ? "Active" : frm.doc.status
	);
	hospital_followup.panel(frm, "overview", {
		colour,
		title: words[frm.doc.status] || "",
		body: `<div class="hf-message-check" role="status"></div>`,
	});
}

function add_buttons(frm) {
	frm.add_custom_button(__("Preview with a Patient…"), () => choose_patient(frm));
	if (frm.is_new() || !frm.perm[0]?.write) return;
	if (is_draft(frm)) {
		frm.add_custom_button(__("Approve"), () => approve(frm));
		frm.change_custom_button_type(__("Approve"), null, "primary");
		return;
	}
	frm.add_custom_button(__("New Version"), async () => {
		const name = await hospital_followup.call("message_desk.new_message_version", {
			template: frm.doc.name,
		});
		frappe.set_route("Form", frm.doctype, name);
	});
	if (frm.doc.status === "Approved") frm.add_custom_button(__("Retire"), () => retire(frm));
}

function approve(frm) {
	frappe.confirm(
		__(
			"From now on messages of the occasion {0} on {1} say this. The former version retires. Approve it?",
			[__(frm.doc.occasion), __(frm.doc.channel)]
		),
		() => take_step(frm, "Approved")
	);
}

function retire(frm) {
	frappe.confirm(
		__("Without another approved text for this occasion, a person calls instead. Retire it?"),
		() => take_step(frm, "Retired")
	);
}

/** Save with the next status; refused, the form goes back to what is stored. */
async function take_step(frm, status) {
	await frm.set_value({ status });
	try {
		await frm.save();
	} catch {
		await frm.reload_doc();
	}
}

async function load_placeholders(frm) {
	frm.message_facts = await hospital_followup.call("message_desk.message_placeholder_list", {
		channel: frm.doc.channel || "SMS",
	});
	const row = (fact) => `<li><button type="button" class="btn btn-default btn-xs" data-name="${fact.name}"
		><code>${fact.name}</code></button> <span>${hospital_followup.esc(fact.meaning)}${
			fact.example ? ` <span class="text-muted">· ${hospital_followup.esc(fact.example)}</span>` : ""
		}</span></li>`;
	const wrapper = frm.get_field("placeholders").$wrapper;
	wrapper.html(
		`<ul class="hf-placeholders hf-placeholder-groups">${frm.message_facts.map(row).join("")}</ul>`
	);
	wrapper.find("button").on("click", (event) => {
		const fact = frm.message_facts.find((item) => item.name === event.currentTarget.dataset.name);
		const textarea = frm.get_field("body").$input?.get(0);
		if (textarea) hospital_followup.insert_placeholder(textarea, fact);
	});
}

function listen(frm) {
	for (const part of PARTS) {
		const input = frm.get_field(part).$input?.get(0);
		if (!input || input.hf_listens) continue;
		input.hf_listens = true;
		if (part === "body") hospital_followup.complete_placeholders(input, () => frm.message_facts);
		input.addEventListener("input", () => check_soon(frm));
	}
}

function draft_of(frm) {
	const draft = {};
	for (const field of [...ASKED, ...PARTS]) draft[field] = frm.doc[field] ?? null;
	for (const part of PARTS) draft[part] = frm.get_field(part).$input?.val() ?? draft[part];
	return draft;
}

// The server has the last word on what may stand in a message, and it counts as the networks do.
const check_soon = frappe.utils.debounce(async (frm) => {
	if (!frm.doc.language || !frm.doc.channel) return;
	const args = { draft: draft_of(frm) };
	if (frm.preview_patient) args.patient = frm.preview_patient;
	await hospital_followup.unless_refused(async () => {
		const found = await hospital_followup.call("message_desk.check_message", args);
		show_findings(frm, found);
		show_preview(frm, found);
	});
}, 400);

function show_findings(frm, { problems, advice }) {
	const line = (mark, kind) => (text) => `<p class="${kind}">${mark} ${hospital_followup.esc(text)}</p>`;
	const shown = [
		...problems.map((problem) => line("✕", "hf-wrong")(problem.message)),
		...(is_draft(frm) ? advice.map(line("ⓘ", "text-muted")) : []),
	];
	frm.get_field("overview").$wrapper.find(".hf-message-check").html(shown.join(""));
	const wrong = problems.map((problem) => problem.field);
	for (const part of PARTS) {
		frm.get_field(part).$input?.attr("aria-invalid", wrong.includes(part) ? "true" : "false");
	}
}

function show_preview(frm, { preview, register }) {
	const $preview = frm.get_field("preview").$wrapper;
	if (!preview) return $preview.html(`<p class="text-muted">${__("The preview stands here.")}</p>`);
	const esc = hospital_followup.esc;
	const subject = preview.subject ? `<b>${esc(preview.subject)}</b><br>` : "";
	const who = frm.preview_patient
		? __("As the chosen patient reads it")
		: __("As a made-up patient reads it");
	$preview.html(`<p class="control-label">${who}</p>
		<div class="hf-bubble" lang="${esc(frm.doc.language)}">${subject}${esc(preview.body).replace(/\n/g, "<br>")}</div>
		<p class="hf-length" role="status">${length_words(preview)}</p>${register_html(frm, register)}`);
	$preview.find("[data-copy]").on("click", () => frappe.utils.copy_to_clipboard(register.body));
}

function length_words({ segments, units, left, encoding, body }) {
	if (segments === undefined) return __("{0} characters", [[...body].length]);
	const parts = segments === 1 ? __("1 part") : __("{0} parts", [segments]);
	return `<b>${parts}</b> · ${__("{0} characters ({1}), {2} more fit", [units, encoding, left])}`;
}

function register_html(frm, register) {
	if (!register) return "";
	const esc = hospital_followup.esc;
	return `<details class="hf-why"><summary>${__("Text to register at the provider")}</summary>
		<pre class="hf-register">${esc(register.body)}</pre>
		<button type="button" class="btn btn-default btn-xs" data-copy>${__("Copy")}</button>
		<p class="text-muted">${__("Then enter the provider's template ID and these lines under {0}:", [
			hospital_followup.field_link(frm, "variables"),
		])}</p><pre class="hf-register">${esc(register.variables)}</pre></details>`;
}

function choose_patient(frm) {
	frappe.prompt(
		{
			fieldtype: "Link",
			fieldname: "patient",
			label: __("Patient"),
			options: "Follow-up Patient",
			default: frm.preview_patient,
			description: __("Empty: a made-up patient."),
		},
		({ patient }) => {
			frm.preview_patient = patient;
			check_soon(frm);
		},
		__("Preview with a Patient"),
		__("Show")
	);
}
