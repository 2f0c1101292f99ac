// How far the plan is, what comes next, and why each contact is as it is.
frappe.ui.form.on("Follow-up Plan", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_plan(frm);
		add_buttons(frm);
	},

	// With a workflow the person chooses its action; we only ask for the reason before it is taken.
	async before_workflow_action(frm) {
		const status = hospital_followup.status_after(frm, frm.selected_workflow_action);
		if (!["Paused", "Stopped"].includes(status)) return;
		const reason = await hospital_followup.before_step(frm, () => ask_why(status));
		await hospital_followup.call("desk.note_plan_reason", { plan: frm.doc.name, status, reason });
	},
});

async function show_plan(frm) {
	const doc = frm.doc;
	const overview = await hospital_followup.call("desk.plan_overview", { plan: doc.name });
	const colour = hospital_followup.colour("plan", doc.status);
	const next = hospital_followup.next_contact(overview.contacts);
	const done = __("{0} of {1} contacts done", [doc.completed_contacts || 0, doc.planned_contacts || 0]);
	const programme = overview.programme ? `${hospital_followup.esc(overview.programme)}: ` : "";
	hospital_followup.panel(frm, "overview", {
		colour,
		title: `${hospital_followup.pill(
			__(doc.status, null, "Follow-up Plan"),
			colour
		)} ${programme}${done} ${hospital_followup.tier_pill(doc.risk_tier)}`,
		lines: [
			progress_bar(doc),
			next_line(doc, next),
			reason_line(doc),
			policy_line(overview.policy),
			// A programme goes over to the newest version by itself.
			overview.programme ? "" : pathway_line(overview.pathways),
		],
	});
	frm.get_field("contacts").$wrapper.html(hospital_followup.contacts_html(overview.contacts));
}

function progress_bar(doc) {
	const share = doc.planned_contacts
		? Math.round((doc.completed_contacts / doc.planned_contacts) * 100)
		: 0;
	return `<span class="progress" style="height:8px;max-width:420px" role="progressbar" aria-valuenow="${share}"
		aria-valuemin="0" aria-valuemax="100" aria-label="${__("Progress")}">
		<span class="progress-bar bg-success" style="width:${share}%"></span></span>`;
}

function next_line(doc, next) {
	if (!next || ["Stopped", "Completed"].includes(doc.status)) return "";
	const day = hospital_followup.esc(hospital_followup.day(next.due_date));
	const window = hospital_followup.esc(hospital_followup.days(next.opens_on, next.expires_on));
	return __("Next: {0} by {1}, window: {2}", [day.bold(), hospital_followup.how(next), window]);
}

function reason_line(doc) {
	const words = (text) => hospital_followup.esc(hospital_followup.sentence(text));
	const on = (time) => hospital_followup.esc(frappe.datetime.str_to_user(time));
	if (doc.status === "Stopped") {
		const person = hospital_followup.esc(frappe.user.full_name(doc.stopped_by));
		return __("Stopped on {0} by {1}: {2}", [on(doc.stopped_on), person, words(doc.stop_reason)]);
	}
	if (doc.status === "Paused")
		return __("Paused on {0}: {1}", [on(doc.paused_on), words(doc.pause_reason)]);
	return "";
}

const former = () => ` (${__("no longer in force; plan again to change over")})`;

function policy_line(policy) {
	if (!policy) return "";
	const link = hospital_followup.doc_link("Follow-up Policy", policy.name);
	return `${__("Policy: {0}", [link])}${policy.status === "Active" ? "" : former()}`;
}

function pathway_line(pathways) {
	if (!pathways.length) return "";
	const links = pathways.map(
		({ name, status }) =>
			hospital_followup.doc_link("Care Pathway", name) + (status === "Retired" ? former() : "")
	);
	return __("Pathways: {0}", [hospital_followup.list(links)]);
}

function add_buttons(frm) {
	const doc = frm.doc;
	frm.add_custom_button(__("Print Hand-out"), () => frm.print_doc());
	if (!frm.perm[0]?.write) return;
	if (doc.discharge && ["Active", "Paused"].includes(doc.status)) {
		frm.add_custom_button(__("Plan Again…"), () => hospital_followup.plan_again(frm, frm.doc.discharge));
	}
	if (doc.discharge && doc.purpose !== "Programme") add_pathway_buttons(frm);
	if (frappe.model.has_workflow(frm.doctype)) return;
	if (doc.status === "Stopped") frm.add_custom_button(__("Undo Stop"), () => undo_stop(frm));
	if (doc.status === "Active") frm.add_custom_button(__("Pause…"), () => take_step(frm, "Paused"));
	if (doc.status === "Paused") frm.add_custom_button(__("Resume"), () => resume(frm));
	if (["Draft", "Active", "Paused"].includes(doc.status)) {
		frm.add_custom_button(__("Stop…"), () => take_step(frm, "Stopped"));
	}
}

function add_pathway_buttons(frm) {
	const group = __("Pathways");
	const button = (label, method) =>
		frm.add_custom_button(
			label,
			async () => {
				await frappe.require("plan_pathways.bundle.js");
				await hospital_followup[method](frm);
			},
			group
		);
	if (frm.doc.status !== "Stopped") button(__("Add Pathway…"), "add_pathway_to");
	const followed = frm.doc.pathways.some((row) => !row.ended_on);
	if (followed && !["Stopped", "Completed"].includes(frm.doc.status)) {
		button(__("End Pathway…"), "end_pathway_of");
	}
}

async function ask_why(status) {
	const words = {
		Paused: {
			title: __("Pause this plan"),
			intro: __(
				"Its contacts leave the worklists and do not expire. Dates do not shift: what passes meanwhile is cancelled on resuming."
			),
			primary_label: __("Pause the Plan"),
		},
		Stopped: {
			title: __("Stop this plan"),
			intro: __("Its open contacts are cancelled. You can take this back."),
			primary_label: __("Stop the Plan"),
		},
	};
	return (await hospital_followup.ask_reason(words[status]))?.reason;
}

async function take_step(frm, status) {
	const reason = await ask_why(status);
	if (!reason) return;
	if (status === "Paused") {
		await hospital_followup.call("api.pause_plan", { plan: frm.doc.name, reason });
		hospital_followup.done(__("The plan is paused."), () => resume(frm));
	} else {
		await hospital_followup.call("api.stop_plan", { plan: frm.doc.name, reason });
		hospital_followup.done(__("The plan is stopped."), () => undo_stop(frm));
	}
	frm.reload_doc();
}

async function resume(frm) {
	await hospital_followup.call("api.resume_plan", { plan: frm.doc.name });
	frappe.show_alert({ message: __("The plan goes on."), indicator: "green" });
	frm.reload_doc();
}

async function undo_stop(frm) {
	await hospital_followup.call("api.undo_stop_plan", { plan: frm.doc.name });
	frappe.show_alert({ message: __("The stop is taken back."), indicator: "green" });
	frm.reload_doc();
}
