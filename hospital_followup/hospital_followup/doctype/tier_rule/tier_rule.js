// A rule is read as a sentence while it is written.
const FACTS = {
	age: () => __("Age at discharge (years)"),
	length_of_stay: () => __("Length of stay (days)"),
	charlson: () => __("Charlson index (other illnesses)"),
	ed_visits: () => __("Emergency visits in 6 months"),
	admissions_12m: () => __("Admissions in 12 months"),
	haemoglobin: () => __("Haemoglobin (g/dL)"),
	sodium: () => __("Sodium (mmol/L)"),
	emergency_admission: () => __("Admitted as an emergency"),
	oncology: () => __("Discharged from oncology"),
	special_care: () => __("Special care"),
	department: () => __("Department"),
	disposition: () => __("Disposition"),
	sex: () => __("Sex"),
	diagnosis: () => __("A diagnosis"),
	procedure: () => __("A procedure"),
};
const OPERATORS = {
	"=": () => __("is", null, "Condition"),
	"!=": () => __("is not", null, "Condition"),
	">": () => __("is more than", null, "Condition"),
	">=": () => __("is at least", null, "Condition"),
	"<": () => __("is less than", null, "Condition"),
	"<=": () => __("is at most", null, "Condition"),
	in: () => __("is one of", null, "Condition"),
	contains: () => __("contains", null, "Condition"),
	"starts with": () => __("starts with", null, "Condition"),
};

frappe.ui.form.on("Tier Rule", {
	setup(frm) {
		const words = (names) => Object.entries(names).map(([value, label]) => ({ value, label: label() }));
		const grid = frm.get_field("conditions").grid;
		for (const [fieldname, names] of [
			["field", FACTS],
			["operator", OPERATORS],
		]) {
			grid.update_docfield_property(fieldname, "options", words(names));
			frappe.meta.docfield_map["Tier Rule Condition"][fieldname].formatter = (value) =>
				hospital_followup.esc(names[value]?.() || value);
		}
	},
	refresh: show_rule,
	risk_tier: show_rule,
	enabled: show_rule,
});

frappe.ui.form.on("Tier Rule Condition", {
	field: show_rule,
	operator: show_rule,
	value: show_rule,
	conditions_add: show_rule,
	conditions_remove: show_rule,
});

function show_rule(frm) {
	const conditions = (frm.doc.conditions || [])
		.filter((row) => row.field)
		.map((row) =>
			hospital_followup
				.esc(
					[
						FACTS[row.field]?.() || row.field,
						OPERATORS[row.operator]?.() || row.operator,
						__(row.value),
					].join(" ")
				)
				.bold()
		);
	const pill = hospital_followup.tier_pill(frm.doc.risk_tier);
	hospital_followup.panel(frm, "overview", {
		colour: frm.doc.enabled ? hospital_followup.colour("tier", frm.doc.risk_tier) : "gray",
		title: conditions.length
			? __("If {0}: at least {1}", [conditions.join(` ${__("and", null, "Condition")} `), pill])
			: __("Add a condition below."),
		lines: [
			!frm.doc.enabled && __("Switched off: the rule is not used until it is enabled."),
			__(
				"A rule can only raise what the score gives, never lower it; a fact that nobody knows matches nothing."
			),
		],
	});
}
