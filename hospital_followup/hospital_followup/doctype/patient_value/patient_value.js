// Recency, frequency and spend, each scored 1-5 by the hospital's own quintiles (clinical.md §3).
frappe.ui.form.on("Patient Value", {
	refresh: show_value,
	recency: show_value,
	frequency: show_value,
	monetary: show_value,
});

function show_value(frm) {
	const doc = frm.doc;
	const parts = [
		[__("Days since the last visit"), doc.recency, doc.recency_score],
		[__("Visits in 24 months"), doc.frequency, doc.frequency_score],
		[__("Spend in 24 months"), doc.monetary, doc.monetary_score],
	];
	const rows = parts.map(([name, value, score]) => {
		const known = score > 0;
		return `<tr><td>${name}</td><td>${
			known ? hospital_followup.esc(format_number(value, null, 0)) : "–"
		}</td>
			<td class="text-right">${known ? __("{0} of {1}", [score, 5], "Count") : __("not known")}</td>
			<td>${known ? `<span class="hf-bar hf-blue" style="width:${score * 24}px"></span>` : ""}</td></tr>`;
	});
	const settings = __("Cut points and limits stand in {0}.", [
		`<a href="${frappe.utils.get_form_link("Follow-up Settings", "Follow-up Settings")}">${__(
			"Follow-up Settings"
		)}</a>`,
	]);
	frm.get_field("score_table").$wrapper.html(
		`<table class="table hf-bars"><thead><tr><th>${__("Figure")}</th><th>${__("Value")}</th>
			<th class="text-right">${__("Points")}</th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table>
		<p class="text-muted">${settings}</p>`
	);
	if (frm.is_new()) return hospital_followup.clear_panel(frm, "overview");
	const overridden = doc.computed_value_tier && doc.computed_value_tier !== doc.value_tier;
	hospital_followup.panel(frm, "overview", {
		colour: "purple",
		title: __("Value tier: {0}", [__(doc.value_tier).bold()]),
		lines: [
			overridden
				? __("Set by a person; the figures give {0}. Reason: {1}", [
						__(doc.computed_value_tier).bold(),
						hospital_followup.esc(doc.override_reason),
					])
				: doc.score
					? __("Sum of the scores: {0}", [doc.score])
					: "",
			__("Value can only add contacts, never remove them. Specialists and doctors do not see it."),
		],
	});
}
