// A pathway as people think of it: contacts along a line of time, drawn while it is written, with what the check finds.
frappe.ui.form.on("Care Pathway", {
	setup() {
		frappe.meta.docfield_map["Care Pathway Step"].topics.formatter = (value) =>
			hospital_followup.esc(
				hospital_followup.list(hospital_followup.codes(value).map((topic) => __(topic)))
			);
	},

	async refresh(frm) {
		hospital_followup.show_approval(frm, {
			versions: true,
			approve,
			lines: [signature(frm.doc)],
			Draft: __("Draft: no patient is followed up by it yet."),
			Approved: __("In use. It cannot be changed; make a new version instead."),
			Retired: __("Retired. Plans that were made with it go on as they are."),
		});
		if (may_sign(frm)) frm.add_custom_button(__("Sign Off"), () => sign(frm));
		offer_replanning(frm);
		if (!frm.is_new()) hospital_followup.add_simulator(frm, "pathway");
		await frappe.require("pathway_timeline.bundle.js");
		draw_soon(frm);
	},
	...Object.fromEntries(
		["anchor", "sex", "age_from", "age_to", "departments"].map((field) => [
			field,
			(frm) => draw_soon(frm),
		])
	),
});

const again = (frm) => draw_soon(frm);
const rows = (table, fields) =>
	Object.fromEntries(
		[...fields, `${table}_add`, `${table}_remove`, `${table}_move`].map((event) => [event, again])
	);
const WHEN = ["title", "offset", "offset_unit", "window_days", "repeat_every", "repeat_unit", "repeat_count"];
const WHAT = ["topics", "script", "questionnaire", "channel", "role", "revisit_after_days"];
frappe.ui.form.on("Care Pathway Step", rows("steps", [...WHEN, ...WHAT]));
frappe.ui.form.on(
	"Care Pathway Reaction",
	rows("reactions", ["condition", "step", "in_a_row", "effect", "within_days", "reason"])
);
frappe.ui.form.on("Care Pathway Diagnosis", rows("diagnoses", ["code", "title"]));
frappe.ui.form.on("Care Pathway Procedure", rows("procedures", ["code", "title"]));

const draw_soon = frappe.utils.debounce((frm) => draw(frm), 300);

const look = (frm) => hospital_followup.call("pathway_desk.draw_pathway", { draft: frm.doc });

/** Ask the engine; an answer that arrives after a later question was asked is left out. */
async function draw(frm) {
	const turn = (frm.pathway_turn = (frm.pathway_turn || 0) + 1);
	const found = await look(frm);
	if (turn !== frm.pathway_turn) return;
	offer_steps(frm);
	frm.get_field("timeline").$wrapper.html(hospital_followup.pathway_html(found));
}

/** Only when they are others: the grid draws itself anew, and what somebody is typing in it would be gone. */
function offer_steps(frm) {
	const { grid } = frm.get_field("reactions");
	const titles = frm.doc.steps.map((step) => step.title).filter(Boolean);
	const options = titles.join("\n");
	const { options: offered } = grid.docfields.find((df) => df.fieldname === "step");
	if (offered !== options) grid.update_docfield_property("step", "options", options);
}

function signature({ status, sign_off, signed_off_on, sign_off_note }) {
	if (!sign_off) {
		return status === "Draft"
			? __("A doctor reads it through and signs it off; then an administrator approves it.")
			: "";
	}
	const words = __("Signed off by {0} on {1}.", [
		hospital_followup.esc(frappe.user.full_name(sign_off)),
		hospital_followup.day(signed_off_on),
	]);
	return sign_off_note ? `${words} ${hospital_followup.esc(sign_off_note)}` : words;
}

function may_sign(frm) {
	const doctor = frappe.user.has_role("Follow-up Doctor");
	return doctor && !frm.is_new() && frm.doc.sign_off !== frappe.session.user;
}

async function sign(frm) {
	if (frm.is_dirty()) await frm.save();
	const { remarks } = await look(frm);
	frappe.prompt(
		[
			{
				fieldtype: "HTML",
				options: `<p>${__(
					"With your name you answer for when the patients are contacted, about what, and by whom."
				)}</p>${hospital_followup.remarks_html(remarks)}`,
			},
			{ fieldtype: "Small Text", fieldname: "note", label: __("Sign-off Note") },
		],
		async ({ note }) => {
			const args = { pathway: frm.doc.name, seen: frm.doc.modified, note };
			await hospital_followup.unless_refused(() =>
				hospital_followup.call("pathway_desk.sign_off_pathway", args)
			);
			frm.reload_doc();
		},
		__("Sign Off: {0}", [hospital_followup.esc(frm.doc.name)]),
		__("Sign Off")
	);
}

/** Plans that run keep their version; whoever may put one in use may take them over. */
async function offer_replanning(frm) {
	if (frm.is_new() || frm.doc.status !== "Approved" || !frm.perm[0]?.write) return;
	const { name } = frm.doc;
	const count = await hospital_followup.call("pathway_desk.plans_behind", { pathway: name });
	if (!count || frm.doc.name !== name) return;
	const words =
		count === 1
			? __("1 running plan follows another version.")
			: __("{0} running plans follow another version.", [count]);
	const asked = frm.doc.replan_asked_on && __("The plans are planned again in the background.");
	const line = [words, asked].filter(Boolean).join(" ");
	frm.get_field("overview").$wrapper.find(".hf-panel").append(`<p class="hf-behind">${line}</p>`);
	if (!asked) frm.add_custom_button(__("Re-plan Running Plans…"), () => replan(frm));
}

async function replan(frm) {
	const pathway = frm.doc.name;
	const found = await hospital_followup.call("pathway_desk.preview_replan", { pathway });
	const line = (label, count) => `<tr><td>${label}</td><td class="text-right"><b>${count}</b></td></tr>`;
	const table = [
		[__("Running plans that follow another version"), found.plans],
		[__("of these, plans with changed contacts"), found.changed],
		[__("New contacts"), found.create],
		[__("Changed contacts"), found.move],
		[__("Cancelled contacts"), found.cancel],
		...(found.failed ? [[__("Plans that cannot be planned again now"), found.failed]] : []),
	];
	frappe.confirm(
		`<p>${__("Finished contacts stay as they are. Other pathways keep the version that each plan follows.")}</p>
		<table class="table hf-replan">${table.map(([label, count]) => line(label, count)).join("")}</table>
		<p>${__("Plan them again with {0}?", [hospital_followup.esc(pathway).bold()])}</p>`,
		async () => {
			await hospital_followup.call("pathway_desk.replan_running_plans", { pathway });
			frappe.show_alert({
				message: __("The plans are planned again in the background."),
				indicator: "blue",
			});
			frm.reload_doc();
		}
	);
}

async function approve(frm) {
	if (frm.is_dirty()) await frm.save();
	const { remarks, former } = await look(frm);
	const today = frappe.datetime.get_today();
	const words = [
		__("Discharges from now on that fit it are planned with it; plans that run keep what they have."),
		former.length && __("{0} retires.", [former.map(hospital_followup.esc).join(", ")]),
	];
	frappe.prompt(
		[
			{
				fieldtype: "HTML",
				options: `<p>${words.filter(Boolean).join("<br>")}</p>${hospital_followup.remarks_html(remarks)}`,
			},
			{
				fieldtype: "Date",
				fieldname: "review_by",
				label: __("Review By"),
				default: frm.doc.review_by > today ? frm.doc.review_by : frappe.datetime.add_months(today, 6),
				reqd: 1,
			},
		],
		({ review_by }) => hospital_followup.take_approval_step(frm, { review_by, status: "Approved" }),
		__("Approve: {0}", [hospital_followup.esc(frm.doc.name)]),
		__("Approve")
	);
}
