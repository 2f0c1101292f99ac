// What was decided for this stay, why, what is missing; nothing changes a plan before its difference was shown.
const FACT_FIELDS = { procedure: "any_procedure" };

frappe.ui.form.on("Patient Discharge", {
	setup(frm) {
		frm.set_query("patient", () => ({ filters: { status: ["!=", "Merged"] } }));
		frm.set_df_property("missing_facts", "formatter", (value) =>
			hospital_followup.list(fact_links(frm, value))
		);
	},

	refresh(frm) {
		if (frm.is_new()) {
			hospital_followup.panel(frm, "overview", {
				colour: "blue",
				title: __("Save it, and the follow-up is planned at once."),
				lines: [
					__(
						"Facts for the risk score are asked for under “Risk Facts”; what nobody knows stays empty."
					),
				],
			});
			return;
		}
		show_decision(frm);
		add_buttons(frm);
	},

	async validate(frm) {
		if (frm.is_new() || !frm.doc.plan || frm.changes_confirmed) return;
		try {
			const preview = await hospital_followup.call("api.preview_discharge", {
				name: frm.doc.name,
				draft: frm.doc,
			});
			if (!preview.changed && preview.decision === "Planned") return;
			frappe.validated = await hospital_followup.confirm_changes({
				title: __("This changes the follow-up plan"),
				preview,
				primary_label: __("Save and Change the Plan"),
			});
		} catch {
			frappe.validated = false; // the sentence that says why is on the screen
		}
	},

	after_save(frm) {
		frm.changes_confirmed = false;
	},

	patient(frm) {
		frm.trigger("refresh");
	},

	confirm_charlson(frm) {
		frm.set_value("charlson", frm.doc.charlson_proposed);
	},
});

async function show_decision(frm) {
	const overview = await hospital_followup.call("desk.discharge_overview", { discharge: frm.doc.name });
	const colour = hospital_followup.colour("decision", frm.doc.decision);
	hospital_followup.panel(frm, "overview", {
		colour: overview.plan?.status === "Stopped" ? "red" : colour,
		title: `${hospital_followup.pill(__(frm.doc.decision), colour)} ${decision_words(frm, overview)}`,
		lines: [
			cancel_line(frm.doc),
			plan_line(overview),
			score_line(frm, overview.score),
			missing_line(frm, overview.score),
		],
	});
	frm.get_field("contacts").$wrapper.html(hospital_followup.contacts_html(overview.contacts));
	mark_missing(frm, overview.score);
}

/** A note beside each fact that the score still lacks. */
function mark_missing(frm, score) {
	frm.$wrapper.find(".hf-missing").remove();
	if (["Given", "Clinician"].includes(score?.method)) return;
	for (const fact of hospital_followup.codes(frm.doc.missing_facts)) {
		frm.get_field(FACT_FIELDS[fact] || fact)
			?.$wrapper.find(".clearfix")
			.first()
			.append(
				`<span class="hf-missing">${hospital_followup.pill(
					__("missing for the score"),
					"orange"
				)}</span>`
			);
	}
}

function decision_words(frm, { contacts, plan }) {
	const doc = frm.doc;
	const reason = hospital_followup.esc(hospital_followup.sentence(doc.decision_reason));
	if (doc.decision === "Pending") {
		return reason || __("The follow-up will be planned within a few minutes.");
	}
	if (doc.decision !== "Planned") return reason;
	const count = hospital_followup.contacts_count(doc.planned_contacts);
	if (["Stopped", "Completed"].includes(plan?.status)) return count;
	const next = hospital_followup.next_contact(contacts);
	if (!next) return count;
	const words = [
		count,
		hospital_followup.esc(hospital_followup.day(next.due_date)),
		hospital_followup.how(next),
	];
	const begun = contacts.some((contact) => ["Completed", "Missed", "Skipped"].includes(contact.status));
	return begun ? __("{0}, next on {1}: {2}", words) : __("{0}, first on {1}: {2}", words);
}

function cancel_line(doc) {
	return doc.cancelled && doc.cancel_reason
		? __("Reason: {0}", [hospital_followup.esc(doc.cancel_reason)])
		: "";
}

function plan_line({ plan }) {
	if (!plan) return "";
	const status = hospital_followup.pill(
		__(plan.status, null, "Follow-up Plan"),
		hospital_followup.colour("plan", plan.status)
	);
	const link = hospital_followup.doc_link("Follow-up Plan", plan.name, __("Open the plan"));
	return `${status} ${link} · ${__("Policy: {0}", [hospital_followup.esc(plan.policy)])}`;
}

function score_line(frm, score) {
	if (!frm.doc.risk_tier) return "";
	const pill = hospital_followup.tier_pill(frm.doc.risk_tier);
	const how = {
		Clinician: () => __("set by a clinician"),
		Given: () => __("given by the hospital"),
		Rules: () => __("set by a tier rule"),
		Assumed: () => __("assumed, because nothing is known for a score"),
	};
	if (!score) return pill;
	if (how[score.method]) return `${pill} ${how[score.method]()}`;
	return score.score_low === score.score_high
		? `${pill} ${__("{0} score {1}", [score.method, score.score_low])}`
		: `${pill} ${__("{0} score between {1} and {2}, as facts are missing", [
				score.method,
				score.score_low,
				score.score_high,
			])}`;
}

function missing_line(frm, score) {
	const links = fact_links(frm, frm.doc.missing_facts);
	if (!links.length || ["Given", "Clinician"].includes(score?.method)) return "";
	return `⚠ ${__("Still missing for the score: {0}", [hospital_followup.list(links)])}`;
}

function fact_links(frm, facts) {
	return hospital_followup
		.codes(facts)
		.map((fact) => hospital_followup.field_link(frm, FACT_FIELDS[fact] || fact))
		.filter(Boolean);
}

function add_buttons(frm) {
	const doc = frm.doc;
	const group = __("Follow-up");
	const held_out = doc.decision_reason === "hold_out";
	if ((doc.plan || held_out) && frappe.model.can_create("Patient Tier") && !doc.cancelled) {
		frm.add_custom_button(__("Change Tier…"), () => change_tier(frm), group);
	}
	if (held_out && frm.perm[0]?.write) {
		frm.add_custom_button(__("Follow Up After All"), () => follow_up_after_all(frm), group);
	}
	if (doc.plan) {
		if (frappe.model.can_write("Follow-up Plan")) {
			frm.add_custom_button(
				__("Plan Again…"),
				() => hospital_followup.plan_again(frm, frm.doc.name),
				group
			);
		}
		frm.add_custom_button(
			__("Print Hand-out"),
			() => frappe.set_route("print", "Follow-up Plan", doc.plan),
			group
		);
	}
	if (!frm.perm[0]?.write) return;
	if (!doc.cancelled && frappe.model.can_write("Follow-up Patient")) {
		frm.add_custom_button(__("Bedside Preparation…"), () =>
			hospital_followup.prepare_bedside({ patient: doc.patient, discharge: doc.name }, () =>
				frm.reload_doc()
			)
		);
	}
	if (doc.cancelled) {
		frm.add_custom_button(__("Undo the Cancellation"), () => set_cancelled(frm, 0, null));
	} else {
		frm.add_custom_button(__("Cancel Discharge…"), () => cancel_discharge(frm), group);
	}
}

async function follow_up_after_all(frm) {
	await hospital_followup.call("effect_api.follow_up_after_all", { discharge: frm.doc.name });
	frappe.show_alert({ message: __("The patient is followed up from now on."), indicator: "green" });
	frm.reload_doc();
}

function change_tier(frm) {
	const tiers = ["High", "Medium", "Low"].filter((tier) => tier !== frm.doc.risk_tier);
	const dialog = new frappe.ui.Dialog({
		title: __("Change the risk tier"),
		size: "large",
		fields: [
			{
				fieldtype: "HTML",
				options: `<p>${__("Now:")} ${hospital_followup.tier_pill(frm.doc.risk_tier)}</p>`,
			},
			{
				fieldtype: "Select",
				fieldname: "risk_tier",
				label: __("New risk tier"),
				reqd: 1,
				options: ["", ...tiers],
			},
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Reason"), reqd: 1 },
			{ fieldtype: "HTML", fieldname: "changes" },
		],
		primary_action_label: __("Change the Tier"),
		async primary_action(values) {
			const { risk_tier, reason } = values;
			await hospital_followup.call("api.change_tier", { discharge: frm.doc.name, risk_tier, reason });
			dialog.hide();
			frappe.show_alert({ message: __("The risk tier is changed."), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.fields_dict.risk_tier.df.onchange = async () => {
		const risk_tier = dialog.get_value("risk_tier");
		const box = dialog.fields_dict.changes.$wrapper.empty();
		if (!risk_tier) return;
		const preview = await hospital_followup.call("api.preview_tier_change", {
			discharge: frm.doc.name,
			risk_tier,
		});
		if (risk_tier === dialog.get_value("risk_tier")) box.html(hospital_followup.preview_html(preview));
	};
	dialog.show();
}

async function cancel_discharge(frm) {
	const answer = await hospital_followup.ask_reason({
		title: __("Cancel this discharge"),
		intro: __(
			"For a discharge that did not take place. Open contacts are cancelled; you can take it back."
		),
		primary_label: __("Cancel the Discharge"),
	});
	if (answer) set_cancelled(frm, 1, answer.reason);
}

async function set_cancelled(frm, cancelled, reason) {
	frm.changes_confirmed = true;
	await frm.set_value({ cancelled, cancel_reason: reason });
	await frm.save().catch(() => frm.reload_doc());
	frm.changes_confirmed = false;
	if (frm.doc.cancelled && cancelled) {
		hospital_followup.done(__("The discharge is cancelled."), () => set_cancelled(frm, 0, null));
	}
}
