// What is missing, where the service calls back, and a test to one's own phone.
frappe.ui.form.on("Follow-up Provider", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write) return hospital_followup.clear_panel(frm, "overview");
		show_provider(frm);
	},
});

async function show_provider(frm) {
	const state = await hospital_followup.call("provider_api.provider_state", { provider: frm.doc.name });
	const paused = frm.doc.breaker_retry_at && frm.doc.breaker_retry_at > frappe.datetime.now_datetime();
	const ready = frm.doc.enabled && !state.missing && !paused;
	const title = state.missing
		? __("Something is missing: {0}", [hospital_followup.esc(state.missing)])
		: paused
			? __("Left alone until {0} after {1} failures.", [
					frappe.datetime.str_to_user(frm.doc.breaker_retry_at),
					frm.doc.breaker_failures,
				])
			: frm.doc.enabled
				? __("Ready.")
				: __("Complete, but not switched on.");
	hospital_followup.panel(frm, "overview", {
		colour: ready ? "green" : paused ? "red" : "orange",
		title,
		lines: [state.calls_back && callback_line(state)],
	});
	frm.get_field("overview")
		.$wrapper.off("click.hf-copy")
		.on("click.hf-copy", "[data-hf-copy]", () => copy_address(frm, state));
	frm.remove_custom_button(__("Send a Test to My Own Phone…"));
	if (state.can_test) {
		frm.add_custom_button(__("Send a Test to My Own Phone…"), () => ask_test(frm, state));
	}
}

function callback_line({ callback, key_in_address }) {
	if (!callback) {
		return __("The address for receipts and replies appears when the settings have a Public Address.");
	}
	return `${__("Address for receipts and replies, to be entered in the service's console:")}<br>
		<code>${hospital_followup.esc(callback)}</code>
		<button type="button" class="btn btn-xs btn-default" data-hf-copy>${__("Copy")}</button>${
			key_in_address ? `<br>${__("What is copied ends with the secret of the callback.")}` : ""
		}`;
}

/** The secret is fetched when it is wanted, and is not on the screen. */
async function copy_address(frm, state) {
	const address = state.key_in_address
		? await hospital_followup.call("provider_api.callback_address", { provider: frm.doc.name })
		: state.callback;
	frappe.utils.copy_to_clipboard(address);
}

function ask_test(frm, state) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save first: the test uses what is saved."));
		return;
	}
	const to = state.to ? hospital_followup.esc(state.to) : __("no address yet");
	const dialog = new frappe.ui.Dialog({
		title: __("Send a test"),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p>${__(
					"One made-up message goes to you ({0}) and to nobody else, also in dry run. The service may charge for it.",
					[to]
				)}</p>`,
			},
			...(state.needs_template ? [template_field(frm)] : []),
			{ fieldtype: "HTML", fieldname: "answer" },
		],
		primary_action_label: __("Send the Test"),
		primary_action: (values) => send_test(frm, dialog, values.template),
	});
	dialog.show();
}

function template_field(frm) {
	return {
		fieldtype: "Link",
		fieldname: "template",
		options: "Message Template",
		label: __("Message Template"),
		description: __("This service carries approved texts only; the variables get made-up values."),
		reqd: 1,
		get_query: () => ({ filters: { channel: frm.doc.channel, provider_template: ["is", "set"] } }),
	};
}

async function send_test(frm, dialog, template) {
	dialog.disable_primary_action();
	try {
		await hospital_followup.unless_refused(async () => {
			const answer = await hospital_followup.call("provider_api.send_test", {
				provider: frm.doc.name,
				template,
			});
			const colour = answer.state === "accepted" ? "green" : "red";
			const code = answer.code ? ` <small>(${hospital_followup.esc(answer.code)})</small>` : "";
			dialog.fields_dict.answer.$wrapper.html(
				`<section class="hf-panel hf-${colour}" role="status">${hospital_followup.esc(
					answer.sentence
				)}${code}</section>`
			);
		});
	} finally {
		dialog.enable_primary_action();
	}
}
