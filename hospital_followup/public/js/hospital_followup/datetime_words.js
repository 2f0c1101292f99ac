// Frappe puts the time zone behind the description of a Datetime field before it looks the description up in the user's
// language, and then finds nothing (frappe/form/controls/datetime.js).
$(document).on("form-refresh", (_event, frm) => {
	if (frm.meta.module !== "Hospital Followup") return;
	for (const { df } of frm.fields) {
		if (df.fieldtype !== "Datetime" || !df.description) continue;
		const [words, ...zone] = df.description.split("<br>");
		df.description = [__(words), ...zone].join("<br>");
	}
});
