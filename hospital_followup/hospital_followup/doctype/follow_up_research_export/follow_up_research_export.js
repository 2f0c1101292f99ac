// A request for research data: how far it is, what is in the file, and what was done to protect the patients.
frappe.ui.form.on("Follow-up Research Export", {
	refresh(frm) {
		show_state(frm);
		if (frm.is_new()) return;
		const may_write = frm.perm[0]?.write;
		if (!may_write) return;
		if (["Draft", "Failed", "Stopped"].includes(frm.doc.status)) {
			frm.page.set_primary_action(__("Make the File"), () => start(frm));
		}
		if (["Queued", "Running"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Stop"), () => stop(frm));
		}
	},
});

async function start(frm) {
	if (frm.is_dirty()) await frm.save();
	await hospital_followup.call("effect_api.start_research_export", { export: frm.doc.name });
	frm.reload_doc();
}

async function stop(frm) {
	await hospital_followup.call("effect_api.stop_research_export", { export: frm.doc.name });
	frm.reload_doc();
}

function show_state(frm) {
	const doc = frm.doc;
	const colour =
		{ Finished: "green", Failed: "red", Stopped: "orange", Queued: "blue", Running: "blue" }[
			doc.status
		] || "blue";
	hospital_followup.panel(frm, "overview", { colour, title: title_of(doc), lines: lines_of(doc) });
}

function title_of(doc) {
	if (doc.__islocal) return __("Save the request, then make the file.");
	const pill = hospital_followup.pill(__(doc.status, null, "Follow-up Research Export"));
	const words = {
		Draft: () => __("Nothing has been exported yet."),
		Queued: () => __("The file is made as soon as a worker is free."),
		Running: () => __("The file is being made: {0} %.", [Math.round(doc.progress || 0)]),
		Finished: () => __("The file is ready."),
		Failed: () =>
			doc.error_code === "requester_not_permitted"
				? __("Whoever asked for this file may not have it any more.")
				: __("The file could not be made. Please try again, or tell the administrator of the site."),
		Stopped: () => __("Somebody stopped it; nothing was kept."),
	};
	return `${pill} ${words[doc.status]?.() || ""}`;
}

function lines_of(doc) {
	if (doc.status === "Finished" && !doc.patients) {
		return [
			__(
				"No patient is in the file: nobody agreed to research in this period, or the groups were too small."
			),
		];
	}
	return [
		__("Only patients whose last word about research was yes."),
		__(
			"No names, numbers, staff or written text; pseudonyms and shifted dates from a secret that is not kept; ages in bands; nobody in a group of fewer than 5."
		),
		__(
			"One export per project: two exports of the same patients can be joined by the days between their dates."
		),
	];
}
