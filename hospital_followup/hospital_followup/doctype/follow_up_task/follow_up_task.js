// One contact: whom to call, when, what was tried, and the buttons to get it done.
frappe.ui.form.on("Follow-up Task", {
	setup(frm) {
		frappe.realtime.on("followup_task_changed", (change) => {
			if (cur_frm === frm && change.name === frm.doc.name && !frm.is_dirty()) frm.reload_doc();
		});
	},

	refresh(frm) {
		lock_fields(frm);
		// Frappe's own assignments are to-dos; here the field Assigned To is the one truth.
		frm.page.sidebar.find(".form-assignments").hide();
		if (frm.is_new()) return;
		show_overview(frm);
		add_buttons(frm);
	},
});

// What planning and the services own is changed through the buttons, which ask for what they need to know.
function lock_fields(frm) {
	const planned = [
		"patient",
		"plan",
		"kind",
		"status",
		"status_reason",
		"due_date",
		"opens_on",
		"expires_on",
		"next_attempt_at",
	];
	for (const field of planned) frm.set_df_property(field, "read_only", frm.is_new() ? 0 : 1);
	frm.set_df_property("assigned_to", "read_only", hospital_followup.may_hand_out() ? 0 : 1);
}

async function show_overview(frm) {
	const facts = await hospital_followup.call("api.task_overview", { task: frm.doc.name });
	if (cur_frm !== frm) return;
	const colour = overdue_days(frm.doc) > 0 ? "red" : hospital_followup.colour("task", frm.doc.status);
	hospital_followup.panel(frm, "overview", {
		colour,
		title: title(frm.doc, facts),
		lines: [
			when_line(frm.doc),
			number_line(frm.doc, facts.patient),
			care_line(facts.patient),
			stay_line(facts.discharge),
			topics_line(frm.doc),
			next_line(frm.doc),
			holder_line(facts.holder),
			closed_line(frm.doc),
		],
		body: history(facts.logs) + reasons(frm.doc) + log_button(frm.doc),
	});
}

function title(doc, facts) {
	const pill = hospital_followup.pill(
		__(doc.status, null, "Follow-up Task"),
		hospital_followup.colour("task", doc.status)
	);
	const { sex, age } = facts.patient;
	const person = [sex && __(sex), age !== null && __("{0} years", [age])].filter(Boolean).join(" · ");
	const link = hospital_followup.doc_link("Follow-up Patient", doc.patient, doc.patient_name);
	const details = person ? ` <small class="text-muted">${hospital_followup.esc(person)}</small>` : "";
	return `${pill} ${link}${details} ${hospital_followup.tier_pill(doc.risk_tier)}`;
}

function overdue_days(doc) {
	if (!["Open", "In Progress"].includes(doc.status)) return 0;
	return frappe.datetime.get_day_diff(frappe.datetime.get_today(), doc.due_date);
}

function when_line(doc) {
	const due = hospital_followup.esc(hospital_followup.day(doc.due_date)).bold();
	const days = overdue_days(doc);
	const late =
		days > 0
			? ` <b class="text-danger">${
					days === 1 ? __("1 day overdue") : __("{0} days overdue", [days])
				}</b>`
			: "";
	const window = doc.expires_on
		? __("window: {0}", [hospital_followup.esc(hospital_followup.days(doc.opens_on, doc.expires_on))])
		: "";
	const kind = doc.kind === "Planned" ? "" : `${__(doc.kind, null, "Follow-up Task")} · `;
	return [`${kind}${__("Due {0}", [due])}${late}`, window, hospital_followup.how(doc)]
		.filter(Boolean)
		.join(" · ");
}

function number_line(doc, patient) {
	const esc = hospital_followup.esc;
	if (doc.channel === "Home Visit") {
		return patient.home_address ? __("Address: {0}", [esc(patient.home_address)]) : "";
	}
	const with_caregiver = doc.contact_point === "Caregiver";
	const number = with_caregiver ? patient.caregiver_mobile : patient.mobile || patient.mobile_masked;
	const state = with_caregiver ? patient.caregiver_mobile_status : patient.mobile_status;
	const relation = [patient.caregiver_name, patient.caregiver_relation].filter(Boolean).join(", ");
	const who = with_caregiver ? __("Caregiver {0}", [relation]) : __("Patient");
	const bad = ["Wrong Number", "Out of Service"].includes(state)
		? ` ${hospital_followup.pill(__(state), "red")}`
		: "";
	const slot = patient.preferred_slot ? ` · ${__("prefers: {0}", [__(patient.preferred_slot)])}` : "";
	return `${__("Call {0}: {1}", [esc(who), phone_html(number)])}${bad}${slot}`;
}

function phone_html(number) {
	if (!number) return `<i>${__("no number known")}</i>`;
	const text = hospital_followup.esc(number);
	if (number.includes("*")) return text;
	const copy = `<button type="button" class="btn btn-xs btn-default hf-copy" data-copy="${text}">${__(
		"Copy"
	)}</button>`;
	return `<a class="hf-phone" href="tel:${text.replace(/[^\d+]/g, "")}">${text}</a> ${copy}`;
}

function care_line(patient) {
	if (!patient.special_care) return "";
	const note = patient.special_care_note || __("contacted by a person only");
	return `${hospital_followup.pill(__("Special Care"), "orange")} ${hospital_followup.esc(note)}`;
}

function stay_line(discharge) {
	if (!discharge) return "";
	const day = hospital_followup.esc(hospital_followup.day(discharge.discharge_date));
	const left = __("Discharged {0}", [day]);
	return discharge.diagnosis ? `${left} · ${hospital_followup.esc(discharge.diagnosis)}` : left;
}

function topics_line(doc) {
	const topics = hospital_followup.codes(doc.topics).map((topic) => hospital_followup.esc(__(topic)));
	return topics.length ? __("To talk about: {0}", [hospital_followup.list(topics)]) : "";
}

function next_line(doc) {
	if (doc.on_hold) return __("On hold: the plan is paused.");
	if (!doc.attempts || !hospital_followup.UNDONE.includes(doc.status)) return "";
	const tried = doc.attempts === 1 ? __("1 attempt so far") : __("{0} attempts so far", [doc.attempts]);
	if (!doc.next_attempt_at) return tried;
	const again = hospital_followup.esc(hospital_followup.moment(doc.next_attempt_at)).bold();
	return `${tried} · ${__("Next attempt: {0}", [again])}`;
}

function holder_line(holder) {
	if (!holder) return "";
	const until = frappe.datetime.str_to_user(holder.until).split(" ").pop().slice(0, 5);
	if (holder.user === frappe.session.user) return __("You hold this patient until {0}.", [until]).bold();
	const name = hospital_followup.esc(holder.name);
	return __("{0} is on the phone with this patient until {1}.", [name, until]).bold();
}

function closed_line(doc) {
	const reason = doc.status_reason && hospital_followup.esc(hospital_followup.sentence(doc.status_reason));
	if (doc.status === "Completed") {
		const day = hospital_followup.esc(hospital_followup.day(doc.completed_on));
		const done = __("{0} on {1}", [__(doc.outcome).bold(), day]);
		return doc.late_completion ? `${done} · ${__("after its window")}` : done;
	}
	return reason ? __("Reason: {0}", [reason]) : "";
}

function history(logs) {
	if (!logs.length) return "";
	const esc = hospital_followup.esc;
	const items = logs.map((log) => {
		const note = log.notes ? `<div class="text-muted">${esc(log.notes)}</div>` : "";
		const link = hospital_followup.doc_link("Follow-up Log", log.name, __(log.outcome));
		return `<li>${esc(hospital_followup.moment(log.contacted_at))} · ${link} · ${esc(
			log.staff_name
		)}${note}</li>`;
	});
	return `<h5>${__("Attempts")}</h5><ul class="hf-attempts">${items.join("")}</ul>`;
}

function reasons(doc) {
	const sentences = hospital_followup.codes(doc.reasons).map((code) => hospital_followup.sentence(code));
	if (!sentences.length) return "";
	const items = sentences.map((sentence) => `<li>${hospital_followup.esc(sentence)}</li>`).join("");
	return `<details class="hf-why"><summary>${__(
		"Why this day, channel and person?"
	)}</summary><ul>${items}</ul></details>`;
}

function may_log(doc) {
	const loggable = hospital_followup.UNDONE.includes(doc.status) || doc.status === "Missed";
	return loggable && frappe.model.can_create("Follow-up Log");
}

// On a phone Frappe hides the buttons of the page in a menu.
function log_button(doc) {
	if (!may_log(doc)) return "";
	return `<p class="visible-xs"><button type="button" class="btn btn-primary btn-block hf-log">${__("Log Attempt")}</button></p>`;
}

function add_buttons(frm) {
	const { doc } = frm;
	const reload = () => frm.reload_doc();
	const undone = hospital_followup.UNDONE.includes(doc.status);
	if (may_log(doc)) {
		frm.add_custom_button(__("Log Attempt"), () => hospital_followup.log_attempt(doc, reload))
			.removeClass("btn-default")
			.addClass("btn-primary");
	}
	if (!frm.perm[0]?.write) return;
	if (doc.status === "In Progress") frm.add_custom_button(__("Release"), () => act(frm, "release_task"));
	if (doc.status === "Open" && !doc.on_hold)
		frm.add_custom_button(__("Claim"), () => act(frm, "claim_task"));
	if (undone) {
		frm.add_custom_button(__("Reschedule…"), () => hospital_followup.reschedule_task(doc, reload));
		frm.add_custom_button(__("Skip…"), () => hospital_followup.skip_tasks([doc.name], reload));
		if (hospital_followup.may_hand_out()) {
			frm.add_custom_button(__("Reassign…"), () =>
				hospital_followup.reassign_tasks([doc.name], reload)
			);
		}
	}
	if (doc.status === "Skipped" && doc.status_reason !== "declined") {
		frm.add_custom_button(__("Take Back Skip"), () => act(frm, "take_back_skip"));
	}
}

function act(frm, method) {
	return hospital_followup.unless_refused(async () => {
		await hospital_followup.call(`api.${method}`, { task: frm.doc.name });
		frm.reload_doc();
	});
}

$(document).on("click", ".hf-log", () =>
	hospital_followup.log_attempt(cur_frm.doc, () => cur_frm.reload_doc())
);
$(document).on("click", ".hf-copy", (event) => {
	frappe.utils.copy_to_clipboard(event.currentTarget.dataset.copy);
});
