// Where the tier comes from: every part of the score with its points and its source.
const COMPONENTS = {
	length_of_stay: () => __("Length of stay (days)"),
	emergency_admission: () => __("Admitted as an emergency"),
	charlson: () => __("Charlson index (other illnesses)"),
	ed_visits: () => __("Emergency visits in 6 months"),
	haemoglobin: () => __("Haemoglobin below 12 g/dL"),
	oncology: () => __("Discharged from oncology"),
	sodium: () => __("Sodium below 135 mmol/L"),
	procedure: () => __("Any procedure"),
	admissions_12m: () => __("Admissions in 12 months"),
};
const SOURCES = {
	LACE: "van Walraven, CMAJ 2010;182:551",
	HOSPITAL: "Donzé, JAMA Intern Med 2016;176:496",
};

const in_words = (codes) =>
	hospital_followup
		.codes(codes)
		.map((code) => hospital_followup.sentence(code))
		.join(" ");

frappe.ui.form.on("Patient Tier", {
	setup(frm) {
		frm.set_df_property("reasons", "formatter", (value) => hospital_followup.esc(in_words(value)));
		frm.set_df_property("value_reasons", "formatter", (value) => hospital_followup.esc(in_words(value)));
		frm.set_df_property("incomplete", "formatter", (value) =>
			hospital_followup.esc(
				hospital_followup.list(
					hospital_followup.codes(value).map((part) => COMPONENTS[part]?.() || part)
				)
			)
		);
	},
	refresh(frm) {
		if (frm.is_new()) return hospital_followup.clear_panel(frm, "overview");
		show_tier(frm);
		show_score(frm);
		if (frm.doc.discharge) {
			frm.add_custom_button(__("Open the Discharge"), () =>
				frappe.set_route("Form", "Patient Discharge", frm.doc.discharge)
			);
		}
	},
});

function show_tier(frm) {
	const doc = frm.doc;
	const changed =
		doc.method === "Clinician" && doc.computed_risk_tier
			? __("Before: {0}.", [hospital_followup.tier_pill(doc.computed_risk_tier)])
			: "";
	hospital_followup.panel(frm, "overview", {
		colour: hospital_followup.colour("tier", doc.risk_tier),
		title: `${hospital_followup.tier_pill(doc.risk_tier)} ${__("on {0}", [
			hospital_followup.esc(hospital_followup.day(doc.assessed_on)),
		])}`,
		lines: [
			[hospital_followup.esc(in_words(doc.reasons)), changed].filter(Boolean).join(" "),
			doc.override_reason && __("Reason: {0}", [hospital_followup.esc(doc.override_reason)]),
			doc.matched_rules && __("Matching rules: {0}", [hospital_followup.esc(doc.matched_rules)]),
			doc.value_tier &&
				`${__("Value tier: {0}", [__(doc.value_tier).bold()])} ${hospital_followup.esc(
					in_words(doc.value_reasons)
				)}`,
		],
	});
}

function show_score(frm) {
	const rows = (frm.doc.components || []).map((row) => {
		const name = COMPONENTS[row.component]?.() || __(row.component);
		const bar = `<span class="hf-bar hf-${row.missing ? "gray" : "blue"}" style="width:${
			(row.missing ? row.maximum : row.points) * 14
		}px"></span>`;
		const value = row.missing
			? hospital_followup.pill(__("missing"), "orange")
			: hospital_followup.esc(__(row.value));
		const points = row.missing
			? __("0 to {0}", [row.maximum])
			: __("{0} of {1}", [row.points, row.maximum], "Count");
		return `<tr><td>${hospital_followup.esc(name)}</td>
			<td>${value}</td><td class="text-right">${points}</td><td>${bar}</td></tr>`;
	});
	// Only HOSPITAL asks for sodium; the method may be a rule or a person instead of the score's name.
	const score = (frm.doc.components || []).some((row) => row.component === "sodium") ? "HOSPITAL" : "LACE";
	frm.get_field("score_table").$wrapper.html(
		rows.length
			? `<div class="hf-scroll"><table class="table hf-bars"><thead><tr><th>${__("Part")}</th>
				<th>${__("Value")}</th><th class="text-right">${__("Points")}</th><th></th></tr></thead>
				<tbody>${rows.join("")}</tbody></table></div>
				<p class="text-muted">${__("A missing fact is never counted as 0; it widens the range of the score.")}
				${score}: ${SOURCES[score]}</p>`
			: ""
	);
}
