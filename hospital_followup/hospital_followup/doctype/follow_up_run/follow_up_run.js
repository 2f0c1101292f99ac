// What a background run did; each row that failed is a link to the record, with what to do.
const run_colour = (doc) =>
	({ Running: "blue", Finished: doc.failed ? "orange" : "green", Failed: "red", Stopped: "orange" })[
		doc.status
	];

frappe.ui.form.on("Follow-up Run", {
	refresh(frm) {
		frm.disable_form();
		const doc = frm.doc;
		const took = doc.ended_at && moment.duration(moment(doc.ended_at).diff(doc.started_at)).asSeconds();
		hospital_followup.panel(frm, "overview", {
			colour: run_colour(doc),
			title: `${hospital_followup.pill(__(doc.status), run_colour(doc))} ${__(
				"{0} done, {1} failed, {2} left out",
				[doc.done || 0, doc.failed || 0, doc.skipped || 0]
			)}`,
			lines: [took ? __("Took {0} seconds.", [Math.round(took * 10) / 10]) : ""],
		});
		show_errors(frm);
	},
});

function show_errors(frm) {
	const rows = (frm.doc.errors || []).map((row) => {
		const record =
			row.reference_doctype && row.reference_name
				? hospital_followup.doc_link(
						row.reference_doctype,
						row.reference_name,
						`${__(row.reference_doctype)} ${row.reference_name}`
					)
				: "";
		const words = row.message || hospital_followup.sentence(row.code);
		return `<tr><td>${record}</td><td>${hospital_followup.esc(
			words
		)}</td><td class="text-muted">${hospital_followup.esc(row.code)}</td></tr>`;
	});
	frm.get_field("error_list").$wrapper.html(
		`<div class="hf-scroll"><table class="table"><thead><tr><th>${__("Record")}</th><th>${__(
			"What to Do"
		)}</th>
			<th>${__("Error Code")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
	);
}
