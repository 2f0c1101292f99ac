// Who this is, how to reach them, what comes next; two switches that stop everything and can be taken back.
frappe.ui.form.on("Follow-up Patient", {
	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.erased_on) return show_erased(frm);
		show_patient(frm);
		add_buttons(frm);
		hospital_followup.add_privacy_buttons(frm);
		hospital_followup.show_consents(frm);
		hospital_followup.show_rehabilitation(frm);
	},
	on_tab_change: (frm) => hospital_followup.show_rehabilitation(frm),
});

async function show_patient(frm) {
	const { plans, contacts, stops, alerts } = await hospital_followup.call("desk.patient_overview", {
		patient: frm.doc.name,
	});
	const doc = frm.doc;
	const colours = { Active: "blue", "Do Not Contact": "red", Deceased: "darkgrey", Merged: "gray" };
	hospital_followup.panel(frm, "overview", {
		colour: colours[doc.status],
		title: [
			doc.status !== "Active" &&
				hospital_followup.pill(__(doc.status, null, "Follow-up Patient"), colours[doc.status]),
			hospital_followup.esc(who(doc)),
			hospital_followup.tier_pill(doc.risk_tier),
		]
			.filter(Boolean)
			.join(" "),
		lines: [
			...alerts.map(alert_line),
			stop_line(doc),
			reach_line(doc),
			caregiver_line(doc),
			prepared_line(doc),
			next_line(contacts),
			plans_line(plans),
			...stops.map(reported_line),
		],
	});
	for (const stop of frm.perm[0]?.write ? stops : []) add_undo(frm, stop);
}

function show_erased(frm) {
	frm.disable_save();
	frm.set_read_only();
	hospital_followup.panel(frm, "overview", {
		colour: "gray",
		title: __("This patient was erased; only figures are left."),
		lines: [hospital_followup.esc(frappe.datetime.str_to_user(frm.doc.erased_on))],
	});
}

function alert_line(alert) {
	const text = alert.detail || __(alert.kind);
	const link = hospital_followup.doc_link("Follow-up Alert", alert.name, text);
	const late = hospital_followup.alert_is_late(alert) ? hospital_followup.pill(__("Late"), "red") : "";
	const status = hospital_followup.esc(__(alert.status, null, "Follow-up Alert"));
	return `${hospital_followup.severity_pill(alert.severity)} ${link} · ${status} ${late}`;
}

function reported_line(stop) {
	const reason = hospital_followup.esc(hospital_followup.sentence(stop.reason));
	const person = hospital_followup.esc(frappe.user.full_name(stop.by));
	return __("Stopped on {0} by {1}: {2}", [frappe.datetime.str_to_user(stop.at), person, reason]);
}

function add_undo(frm, stop) {
	const labels = {
		readmitted: __("Undo “Readmitted”"),
		moved_away: __("Undo “Moved to Another Hospital”"),
	};
	frm.add_custom_button(labels[stop.reason], () =>
		hospital_followup.unless_refused(async () => {
			await hospital_followup.call("contact_api.undo_patient_stop", {
				patient: frm.doc.name,
				reason: stop.reason,
			});
			frappe.show_alert({ message: __("The follow-up goes on."), indicator: "green" });
			frm.reload_doc();
		})
	);
}

function prepared_line(doc) {
	if (!doc.prepared_on) return "";
	return `✓ ${__("Prepared at the bedside on {0}", [
		hospital_followup.esc(hospital_followup.day(doc.prepared_on)),
	])}`;
}

function who(doc) {
	const age = doc.date_of_birth && moment().diff(moment(doc.date_of_birth), "years");
	return [
		doc.patient_name,
		doc.sex && __(doc.sex),
		age !== "" && age !== undefined && doc.date_of_birth && __("{0} years", [age]),
		__("No. {0}", [doc.patient_id], "Hospital number"),
	]
		.filter(Boolean)
		.join(" · ");
}

function stop_line(doc) {
	if (doc.status === "Active")
		return doc.special_care ? `⚠ ${hospital_followup.esc(special_words(doc))}` : "";
	return hospital_followup.esc(doc.status_reason || "");
}

function special_words(doc) {
	return doc.special_care_note ? __("Special care: {0}", [doc.special_care_note]) : __("Special care");
}

function number_words(status) {
	return ["Wrong Number", "Out of Service"].includes(status)
		? hospital_followup.pill(__(status), "red")
		: status === "Verified"
			? hospital_followup.pill(__(status), "green")
			: "";
}

function reach_line(doc) {
	const number = doc.mobile || doc.mobile_masked;
	const parts = [
		number
			? `☎ ${hospital_followup.esc(number)} ${number_words(doc.mobile_status)}`
			: `☎ ${__("no phone number")}`,
		doc.preferred_channel && __("prefers {0}", [__(doc.preferred_channel)]),
		doc.preferred_slot && __(doc.preferred_slot),
	];
	return parts.filter(Boolean).join(" · ");
}

function caregiver_line(doc) {
	if (!doc.caregiver_name && !doc.caregiver_mobile) return "";
	const words = [doc.caregiver_name, doc.caregiver_relation, doc.caregiver_mobile].filter(Boolean);
	return `${__("Caregiver: {0}", [hospital_followup.esc(words.join(" · "))])} ${number_words(
		doc.caregiver_mobile_status
	)}`;
}

function next_line(contacts) {
	const next = hospital_followup.next_contact(contacts);
	if (!next) return __("No contact is due.");
	const task = hospital_followup.doc_link(
		"Follow-up Task",
		next.name,
		hospital_followup.day(next.due_date)
	);
	const person = next.assigned_name ? `, ${hospital_followup.esc(next.assigned_name)}` : "";
	return `${__("Next contact: {0} by {1}", [task, hospital_followup.how(next)])}${person}`;
}

function plans_line(plans) {
	return plans
		.map((plan) => {
			const text = __("{0} of {1} contacts done", [plan.completed_contacts, plan.planned_contacts]);
			const pill = hospital_followup.pill(
				__(plan.status, null, "Follow-up Plan"),
				hospital_followup.colour("plan", plan.status)
			);
			const programme = plan.programme ? `${hospital_followup.esc(plan.programme)}: ` : "";
			return `${pill} ${programme}${hospital_followup.doc_link("Follow-up Plan", plan.name, text)}`;
		})
		.join("<br>");
}

function add_buttons(frm) {
	const doc = frm.doc;
	if (doc.status === "Active" && frappe.model.can_create("Patient Discharge")) {
		frm.add_custom_button(__("New Discharge"), () =>
			frappe.new_doc("Patient Discharge", {
				patient: doc.name,
				department: doc.department,
				company: doc.company,
			})
		);
	}
	if (doc.status === "Active" && frappe.model.can_create("Programme Enrolment")) {
		frm.add_custom_button(__("Enrol in a Programme…"), () => enrol(frm));
	}
	if (!frm.perm[0]?.write) return;
	if (doc.status === "Active") add_reaching_buttons(frm);
	const group = __("Stop Everything");
	if (doc.status === "Active") {
		frm.add_custom_button(__("Do Not Contact…"), () => stop_everything(frm, "Do Not Contact"), group);
		frm.add_custom_button(__("Deceased…"), () => stop_everything(frm, "Deceased"), group);
	} else if (doc.status === "Do Not Contact") {
		frm.add_custom_button(__("Contact Again"), () => set_status(frm, { status: "Active" }));
		frm.add_custom_button(__("Deceased…"), () => stop_everything(frm, "Deceased"), group);
	} else if (doc.status === "Deceased") {
		frm.add_custom_button(__("Undo Deceased"), () => set_status(frm, { status: "Active" }));
	}
}

async function enrol(frm) {
	await frappe.require("programmes.bundle.js");
	await hospital_followup.enrol_in_programme(frm.doc.name, (name) =>
		frappe.set_route("Form", "Programme Enrolment", name)
	);
}

function add_reaching_buttons(frm) {
	const doc = frm.doc;
	const reload = () => frm.reload_doc();
	frm.add_custom_button(__("Bedside Preparation…"), () =>
		hospital_followup.prepare_bedside({ patient: doc.name }, reload)
	);
	for (const [whose, state] of [
		["Patient", "mobile_status"],
		["Caregiver", "caregiver_mobile_status"],
	]) {
		if (!["Wrong Number", "Out of Service"].includes(doc[state])) continue;
		const label = whose === "Patient" ? __("Correct the Number…") : __("Correct the Caregiver's Number…");
		const row = { patient: doc.name, patient_name: doc.patient_name, whose, state: doc[state] };
		if (whose === "Patient") row.number = doc.mobile_masked;
		frm.add_custom_button(label, () => hospital_followup.correct_number(row, reload));
	}
}

async function stop_everything(frm, status) {
	const words = {
		"Do Not Contact": {
			title: __("Do not contact this patient"),
			intro: __("Every plan stops and nobody calls or writes any more. One click takes it back."),
			primary_label: __("Do Not Contact"),
		},
		Deceased: {
			title: __("The patient has died"),
			intro: __("Every plan stops at once, so that the family is not called. One click takes it back."),
			primary_label: __("Record the Death"),
			label: __("Source"),
			fields: [
				{
					fieldtype: "Date",
					fieldname: "deceased_on",
					label: __("Deceased On"),
					default: frappe.datetime.get_today(),
				},
			],
		},
	};
	const answer = await hospital_followup.ask_reason(words[status]);
	if (!answer) return;
	const before = frm.doc.status;
	await set_status(frm, { status, status_reason: answer.reason, deceased_on: answer.deceased_on });
	if (frm.doc.status === status && !frm.is_dirty()) {
		hospital_followup.done(__("Everything is stopped."), () => set_status(frm, { status: before }));
	}
}

async function set_status(frm, values) {
	const empty = values.status === "Active" ? { status_reason: null, deceased_on: null } : {};
	await frm.set_value({ ...empty, ...values });
	await frm.save();
}
