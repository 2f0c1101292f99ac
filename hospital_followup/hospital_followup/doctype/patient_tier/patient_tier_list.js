frappe.listview_settings["Patient Tier"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["risk_tier", "method", "score_low", "score_high", "incomplete"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		if (doc.docstatus === 0) return [__("Draft"), "orange", "docstatus,=,0"];
		if (doc.docstatus === 2) return [__("Cancelled"), "red", "docstatus,=,2"];
		const words = { High: __("High risk"), Medium: __("Medium risk"), Low: __("Low risk") };
		return [
			words[doc.risk_tier],
			hospital_followup.colour("tier", doc.risk_tier),
			`risk_tier,=,${doc.risk_tier}`,
		];
	},
	formatters: {
		method: (value, df, doc) => {
			const word = hospital_followup.esc(__(value));
			if (!["LACE", "HOSPITAL"].includes(value)) return word;
			const points =
				doc.score_low === doc.score_high ? doc.score_low : `${doc.score_low}–${doc.score_high}`;
			return `${word} ${points}`;
		},
	},
	onload: (listview) => hospital_followup.show_columns(listview, 6),
};
