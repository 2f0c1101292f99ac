// A rule is read as a sentence while it is written, and tried on everybody before it is switched on.
frappe.ui.form.on("Programme Rule", {
	setup(frm) {
		frm.set_query("pathway", () => ({
			filters: { anchor: ["in", ["Birth", "Enrolment"]], status: ["!=", "Retired"] },
		}));
	},
	refresh(frm) {
		show_rule(frm);
		if (!frm.is_new() && frm.perm[0]?.write) {
			frm.add_custom_button(__("Whom Would It Enrol?"), () => try_rule(frm));
		}
	},
	...Object.fromEntries(
		["pathway", "enabled", "nightly", "on_visit", "sex", "age_from", "age_to", "departments"].map(
			(field) => [field, (frm) => show_rule(frm)]
		)
	),
});

const again = (frm) => show_rule(frm);
frappe.ui.form.on("Programme Rule Condition", {
	code: again,
	title: again,
	conditions_add: again,
	conditions_remove: again,
});

function show_rule(frm) {
	const { doc } = frm;
	const occasions = [
		doc.nightly && __("every night"),
		doc.on_visit && __("after an outpatient visit"),
	].filter(Boolean);
	hospital_followup.panel(frm, "overview", {
		colour: doc.enabled ? "green" : "gray",
		title: doc.pathway
			? __("{0} → {1}", [who(doc), hospital_followup.esc(doc.pathway)])
			: __("Choose a pathway below."),
		lines: [
			doc.enabled
				? __("Enrols {0}. Nobody is contacted before the consent to this programme was given.", [
						hospital_followup.list(occasions),
					])
				: __("Switched off: nobody is enrolled. See first whom it would enrol, then switch it on."),
			__("Who ever was in the programme, or left it, is not enrolled by rule again."),
		],
	});
}

/** The criteria in words: all of them must hold. */
function who(doc) {
	const diagnoses = (doc.conditions || []).map((row) => row.title || row.code).filter(Boolean);
	const departments = (doc.departments || []).map((row) => row.department).filter(Boolean);
	const words = [
		doc.sex && __(doc.sex),
		doc.age_from && __("from {0} years", [doc.age_from]),
		doc.age_to && __("up to {0} years", [doc.age_to]),
		diagnoses.length && diagnoses.join(" / "),
		departments.length && departments.join(" / "),
	].filter(Boolean);
	return hospital_followup.list((words.length ? words : [__("Everybody")]).map(hospital_followup.esc));
}

async function try_rule(frm) {
	if (frm.is_dirty()) await frm.save();
	const found = await hospital_followup.call("programme_rule_api.try_programme_rule", {
		rule: frm.doc.name,
	});
	const names = found.first.map(
		(row) => `<li>${hospital_followup.doc_link("Follow-up Patient", row.name, row.patient_name)}</li>`
	);
	const rest = found.would_enrol - names.length;
	frappe.msgprint({
		title: __("Whom Would It Enrol?"),
		message: [
			`<p><strong>${__("{0} patients would be enrolled in {1} now.", [
				found.would_enrol,
				hospital_followup.esc(found.pathway),
			])}</strong></p>`,
			`<p>${__(
				"{0} patients were looked at; {1} of those who fit are or were in the programme already.",
				[found.looked_at, found.entered]
			)}</p>`,
			names.length ? `<ul>${names.join("")}</ul>` : "",
			names.length && rest > 0 ? `<p>${__("… and {0} more.", [rest])}</p>` : "",
			`<p class="text-muted">${__("Nothing was written.")}</p>`,
		].join(""),
	});
}
