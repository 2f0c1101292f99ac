// One alert: what happened, what it means, and the next step as one large button. Made for a phone first.
const UNANSWERED = ["Open", "Acknowledged", "In Progress"];

frappe.ui.form.on("Follow-up Alert", {
	setup(frm) {
		frappe.realtime.on("followup_alert_changed", (change) => {
			if (cur_frm === frm && change.name === frm.doc.name && !frm.is_dirty()) frm.reload_doc();
		});
	},

	refresh(frm) {
		// Frappe's own assignments are to-dos; here the field Assigned To is the one truth.
		frm.page.sidebar.find(".form-assignments").hide();
		frm.toggle_display("overview_section", !frm.is_new());
		for (const field of ["status", "answer_to_patient", "judgement", "respond_by", "severity", "detail"])
			frm.set_df_property(field, "read_only", frm.is_new() ? 0 : 1);
		if (!frm.is_new()) show(frm);
	},

	// The step that only a conversation can take asks for it instead.
	before_workflow_action(frm) {
		if (hospital_followup.status_after(frm, frm.selected_workflow_action) !== "Answered") return;
		return hospital_followup.before_step(frm, async () => {
			steps(frm, {}).told();
			return null;
		});
	},
});

async function show(frm) {
	const { name } = frm.doc;
	const context = await hospital_followup.call("alert_api.alert_context", { alert: name });
	if (frm.doc.name !== name) return;
	draw(frm, context);
	add_menu(frm, context);
}

function draw(frm, context) {
	const { doc } = frm;
	hospital_followup.panel(frm, "overview", {
		colour: doc.severity === "Red" ? "red" : "orange",
		title: [
			hospital_followup.severity_pill(doc.severity),
			hospital_followup.pill(
				__(doc.status, null, "Follow-up Alert"),
				hospital_followup.colour("alert", doc.status)
			),
			hospital_followup.esc(__(doc.kind)),
		].join(" "),
		lines: [
			who(context.patient),
			what(doc),
			when(doc, context),
			course_line(context),
			call_line(context),
		],
		body: buttons(doc, context) + sections(doc, context),
	});
	const $panel = frm.get_field("overview").$wrapper;
	const act = steps(frm, context);
	$panel.off("click.alert").on("click.alert", "[data-step]", async (event) => {
		const button = event.currentTarget;
		button.disabled = true;
		await act[button.dataset.step]();
		button.disabled = false;
	});
	draw_courses($panel, context.courses);
}

function steps(frm, context) {
	const { name, answer_to_patient: answer } = frm.doc;
	const again = () => frm.reload_doc();
	return {
		acknowledge: () => hospital_followup.acknowledge_alert(name, again),
		tell: () => hospital_followup.have_patient_told(name, { answer, callers: context.callers }, again),
		told: () => hospital_followup.patient_was_told(name, { answer }, again),
		true: () => hospital_followup.judge_alert(name, "True", again),
		false: () => hospital_followup.judge_alert(name, "False", again),
		close: () => hospital_followup.close_alert(name, again),
	};
}

function who(patient) {
	const { esc } = hospital_followup;
	const words = [patient.sex && __(patient.sex), patient.age !== null && __("{0} years", [patient.age])];
	const name = patient.readable
		? hospital_followup.doc_link("Follow-up Patient", patient.name, patient.patient_name)
		: esc(patient.patient_name);
	const number = patient.mobile
		? `<a href="tel:${esc(patient.mobile.replace(/[^\d+]/g, ""))}">☎ ${esc(patient.mobile)}</a>`
		: esc(patient.mobile_masked);
	return [
		`<b>${name}</b>`,
		esc(words.filter(Boolean).join(" · ")),
		hospital_followup.tier_pill(patient.risk_tier),
		number,
	]
		.filter(Boolean)
		.join(" · ");
}

function what(doc) {
	return `<span class="hf-alert-detail">${hospital_followup.esc(doc.detail).replace(/\n/g, "<br>")}</span>`;
}

function when(doc, context) {
	const { esc, moment } = hospital_followup;
	const time = (value) => esc(moment.call(hospital_followup, value));
	const late = context.late ? ` ${hospital_followup.pill(__("Late"), "red")}` : "";
	const rows = [
		__("Raised {0}", [time(doc.raised_on)]),
		doc.status === "Open" &&
			doc.respond_by &&
			`<b>${__("Respond by {0}", [time(doc.respond_by)])}</b>${late}`,
		!doc.acknowledged_on && context.assigned_name && __("For {0}", [esc(context.assigned_name)]),
		!doc.acknowledged_on &&
			context.escalated_name &&
			__("Passed on to {0}", [esc(context.escalated_name)]),
		doc.acknowledged_on &&
			__("Acknowledged by {0}, {1}", [esc(context.acknowledged_name), time(doc.acknowledged_on)]),
		doc.worsened_on && `<b>${__("Became worse {0}", [time(doc.worsened_on)])}</b>`,
		doc.answered_on && __("Answered {0}", [time(doc.answered_on)]),
	];
	return rows.filter(Boolean).join(" · ");
}

function course_line({ courses }) {
	const { esc } = hospital_followup;
	return courses
		.map(
			({ title, points }) =>
				`${esc(title)}: <b>${points.map((point) => esc(point.shown)).join(" → ")}</b>`
		)
		.join("<br>");
}

function call_line({ call }) {
	if (!call) return "";
	const { esc } = hospital_followup;
	const link = hospital_followup.doc_link("Follow-up Task", call.name, __("Call to the patient"));
	const pill = hospital_followup.pill(call.label, hospital_followup.colour("task", call.status));
	const tried = call.attempts ? __("attempts: {0}", [call.attempts]) : "";
	return `☎ ${[link, pill, esc(call.assigned_name), tried].filter(Boolean).join(" · ")}`;
}

function buttons(doc, context) {
	if (!context.may_write) return "";
	const unanswered = UNANSWERED.includes(doc.status);
	const row = [
		unanswered &&
			(!doc.acknowledged_on || doc.worsened_on) &&
			step("acknowledge", __("Acknowledge"), "primary"),
		unanswered && tell_button(doc, context),
		unanswered && context.may_log && step("told", __("I Have Told the Patient…")),
		doc.status === "Answered" && doc.judgement && step("close", __("Close"), "primary"),
	];
	const judge = [judged(doc, "True", __("True Alarm")), judged(doc, "False", __("False Alarm"))].join("");
	const ask = doc.judgement ? "" : `<span>${__("Was this alarm right?")}</span>`;
	return `<div class="hf-steps">${row.filter(Boolean).join("")}</div>
		<div class="hf-steps hf-judge" role="group" aria-label="${__("Was this alarm right?")}">${ask}${judge}</div>`;
}

/** A call that is still to be made carries whatever answer stands here last. */
function tell_button(doc, { call }) {
	if (call?.open) return step("tell", __("Change the Answer…"));
	return step("tell", __("Have the Patient Told…"), doc.status === "Open" ? "default" : "primary");
}

function step(name, label, kind = "default") {
	return `<button type="button" class="btn btn-${kind}" data-step="${name}">${label}</button>`;
}

function judged(doc, value, label) {
	const pressed = doc.judgement === value;
	return `<button type="button" class="btn btn-default" data-step="${value.toLowerCase()}"
		aria-pressed="${pressed}">${pressed ? "✓ " : ""}${label}</button>`;
}

function sections(doc, context) {
	const answer = doc.answer_to_patient
		? `<h5>${__("Answer to the Patient")}</h5><p class="hf-read-out">${hospital_followup
				.esc(doc.answer_to_patient)
				.replace(/\n/g, "<br>")}</p>`
		: "";
	return `${answer}${answers(context.answers)}<div class="hf-courses"></div>${contacts(context.contacts)}`;
}

function answers(rows) {
	if (!rows.length) return "";
	const { esc } = hospital_followup;
	const flag = (row) => (row.flag ? hospital_followup.severity_pill(row.flag) : "");
	const items = rows.map(
		(row) => `<tr><td>${esc(row.text)}</td><td><b>${esc(row.shown)}</b> ${flag(row)}</td></tr>`
	);
	return `<h5>${__("Answers of this contact")}</h5><div class="hf-scroll" tabindex="0">
		<table class="table table-sm">${items.join("")}</table></div>`;
}

function contacts(rows) {
	if (!rows.length) return "";
	const { esc } = hospital_followup;
	const items = rows.map((row) => {
		const link = hospital_followup.doc_link("Follow-up Log", row.name, __(row.outcome));
		const when = esc(hospital_followup.moment(row.contacted_at));
		const notes = row.notes ? `<div class="text-muted">${esc(row.notes)}</div>` : "";
		return `<li>${when} · ${link} · ${esc(row.staff_name)}${notes}</li>`;
	});
	return `<h5>${__("Last contacts")}</h5><ul class="hf-attempts">${items.join("")}</ul>`;
}

function draw_courses($panel, courses) {
	const $place = $panel.find(".hf-courses");
	for (const { title, points } of courses) {
		const chart = $(`<div class="hf-chart" aria-hidden="true"></div>`).appendTo($place)[0];
		new frappe.Chart(chart, {
			title,
			type: "line",
			height: 180,
			animate: false,
			disableEntryAnimation: true,
			data: {
				labels: points.map((point) => hospital_followup.day(point.on)),
				datasets: [{ name: title, values: points.map((point) => point.value) }],
			},
			lineOptions: { dotSize: 5, showDots: 1 },
			axisOptions: { xIsSeries: 1 },
		});
	}
}

function add_menu(frm, context) {
	if (!context.may_write) return;
	const again = () => frm.reload_doc();
	const { name, status, complaint, detail } = frm.doc;
	if (!complaint)
		frm.page.add_menu_item(__("Hand Over as a Complaint…"), () =>
			hospital_followup.hand_over_complaint(name, detail, again)
		);
	if (UNANSWERED.includes(status)) {
		frm.page.add_menu_item(__("Close Without an Answer…"), () =>
			hospital_followup.close_unanswered(name, again)
		);
	} else {
		frm.add_custom_button(__("Reopen"), () => hospital_followup.reopen_alert(name, again));
	}
}
