// The overlay that names the shortcuts.
export function show_help() {
	const rows = [
		["J", __("Next patient")],
		["K", __("Previous patient")],
		["S", __("Start Call")],
		["I", __("Identity Confirmed")],
		["Q", __("Go to the questions")],
		["W", __("Write notes")],
		["1 – 9", __("Choose the outcome")],
		["R", __("Reached Patient")],
		["N", __("No Answer")],
		[frappe.utils.is_mac() ? "⌘ ↵" : "Ctrl ↵", __("Finish and Next")],
		["/", __("Search")],
		["Esc", __("Leave a field, so that the keys work again")],
		["← → ↑ ↓", __("Choose within a question")],
		["?", __("This help")],
	];
	const items = rows.map(([key, text]) => `<tr><td><kbd>${key}</kbd></td><td>${text}</td></tr>`);
	const dialog = new frappe.ui.Dialog({
		title: __("Keys of the call sheet"),
		fields: [{ fieldtype: "HTML", fieldname: "keys" }],
	});
	dialog.fields_dict.keys.$wrapper.html(
		`<p class="text-muted">${__("The keys work while no field has the cursor.")}</p>
		<table class="hf-keys">${items.join("")}</table>`
	);
	dialog.show();
}
