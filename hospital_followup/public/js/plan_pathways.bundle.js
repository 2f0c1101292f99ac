// Adding a pathway to one plan or ending one in it: the difference is on the screen before anything is done.
Object.assign(hospital_followup, {
	async add_pathway_to(frm) {
		const { offered } = await of_plan(frm);
		if (!offered.length) {
			frappe.msgprint(__("This plan follows every pathway that is in use."));
			return;
		}
		const chosen = (values) => offered.find((one) => one.pathway === values.pathway);
		ask(frm, {
			title: __("Add a Pathway to This Plan"),
			fields: [
				pathway_field(
					offered.map((one) => ({ value: one.pathway, label: offer_label(one) })),
					(dialog) => dialog.set_value("anchor_date", chosen(dialog.get_values(true)).anchor_date)
				),
				{ fieldtype: "Date", fieldname: "anchor_date", label: __("Counts From") },
			],
			complete: (values) => values.pathway && values.anchor_date,
			preview: ["preview_pathway_addition", ["pathway", "anchor_date"]],
			primary_label: __("Add to the Plan"),
			async apply(values) {
				const { plan, pathway, anchor_date } = values;
				const title = await call("add_pathway", { plan, pathway, anchor_date });
				hospital_followup.done(__("{0} is part of the plan.", [title]), () => take_back(frm, title));
			},
		});
	},

	async end_pathway_of(frm) {
		const { followed } = await of_plan(frm);
		if (!followed.length) {
			frappe.msgprint(__("This plan follows no pathway."));
			return;
		}
		ask(frm, {
			title: __("End a Pathway in This Plan"),
			fields: [
				pathway_field(followed.map(({ title }) => ({ value: title, label: title }))),
				{
					fieldtype: "Small Text",
					fieldname: "reason",
					label: __("Reason"),
					reqd: 1,
					max_height: "70px",
					description: __("What is done stays; later planning does not bring the pathway back."),
				},
			],
			complete: (values) => values.pathway,
			preview: ["preview_pathway_end", ["title"]],
			primary_label: __("End the Pathway"),
			async apply({ plan, title, reason }) {
				await call("end_pathway", { plan, title, reason });
				hospital_followup.done(__("{0} is ended in this plan.", [title]), () =>
					take_back(frm, title)
				);
			},
		});
	},
});

const call = (method, args) => hospital_followup.call(`plan_pathway_api.${method}`, args);
const of_plan = (frm) => call("pathways_of_plan", { plan: frm.doc.name });

function pathway_field(options, chosen = () => {}) {
	const [only, ...others] = options;
	return {
		fieldtype: "Select",
		fieldname: "pathway",
		label: __("Pathway"),
		options: others.length ? [{ value: "", label: "" }, ...options] : options,
		default: others.length ? "" : only.value,
		reqd: 1,
		chosen,
	};
}

function offer_label(one) {
	if (one.programme) return __("{0} (followed as a programme)", [one.title]);
	if (one.fits) return __("{0} (fits this patient)", [one.title]);
	return one.anchor_date ? one.title : __("{0} (counts from: {1})", [one.title, __(one.anchor)]);
}

/** A dialog that shows what its values would change, and can be confirmed only once that is on the screen. */
function ask(frm, { title, fields, complete, preview, primary_label, apply }) {
	const [pathway, ...others] = fields;
	let turn = 0;
	const dialog = new frappe.ui.Dialog({
		title,
		size: "large",
		fields: [
			{ ...pathway, onchange: () => choose() },
			...others.map((field) => (field.fieldname === "reason" ? field : { ...field, onchange: look })),
			{ fieldtype: "HTML", fieldname: "changes" },
		],
		primary_action_label: primary_label,
		async primary_action() {
			dialog.disable_primary_action();
			await hospital_followup.unless_refused(async () => {
				await apply(values());
				dialog.hide();
				frm.reload_doc();
			});
			dialog.enable_primary_action();
		},
		secondary_action_label: __("Keep as It Is"),
		secondary_action: () => dialog.hide(),
	});

	function values() {
		const given = dialog.get_values(true);
		return { ...given, plan: frm.doc.name, title: given.pathway };
	}

	async function choose() {
		if (values().pathway) await pathway.chosen(dialog);
		await look();
	}

	async function look() {
		const mine = ++turn;
		const $changes = dialog.fields_dict.changes.$wrapper.empty();
		dialog.disable_primary_action();
		const given = values();
		if (!complete(given)) return;
		const [method, names] = preview;
		const args = Object.fromEntries(names.map((name) => [name, given[name]]));
		await hospital_followup.unless_refused(async () => {
			const found = await call(method, { plan: given.plan, ...args });
			if (mine !== turn) return;
			$changes.html(hospital_followup.preview_html(found));
			dialog.enable_primary_action();
		});
	}

	dialog.show();
	choose();
}

async function take_back(frm, title) {
	await call("take_back_pathway", { plan: frm.doc.name, title });
	frappe.show_alert({ message: __("Taken back."), indicator: "green" });
	frm.reload_doc();
}
