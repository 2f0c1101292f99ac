// The contacts of a plan: a track of time, and a list that says why each is as it is.
const DAY = 86400000;

const WHY = {
	date: [
		"moved_working_day",
		"kept_on_closed_day",
		"merged",
		"capped",
		"late_discharge",
		"reanchored",
		"rescheduled",
		"brought_forward",
	],
	tier: ["tier_given", "tier_scored", "tier_rule", "tier_override", "tier_incomplete", "tier_assumed"],
	channel: ["preference", "human_channel_kept", "special_care", "fallback", "no_channel"],
};

function at(date) {
	return frappe.datetime.str_to_obj(String(date).slice(0, 10)).getTime();
}

function track(contacts) {
	const shown = contacts.filter((contact) => contact.status !== "Cancelled");
	if (shown.length < 2) return "";
	const today = at(frappe.datetime.get_today());
	const first = Math.min(...shown.map((contact) => at(contact.opens_on || contact.due_date)), today) - DAY;
	const last = Math.max(...shown.map((contact) => at(contact.expires_on || contact.due_date))) + DAY;
	const place = (time) => `${(((time - first) / (last - first)) * 100).toFixed(2)}%`;
	const windows = shown.map((contact) => {
		const from = at(contact.opens_on || contact.due_date);
		const width = at(contact.expires_on || contact.due_date) - from + DAY;
		const share = ((width / (last - first)) * 100).toFixed(2);
		return `<span class="hf-window" style="inset-inline-start:${place(from)};width:${share}%"></span>`;
	});
	const points = shown.map((contact) => {
		const colour = hospital_followup.colour("task", contact.status);
		const label = `${hospital_followup.day(contact.due_date)} · ${__(contact.status)}`;
		return `<a class="hf-point hf-${colour}" style="inset-inline-start:${place(at(contact.due_date))}"
			href="${frappe.utils.get_form_link("Follow-up Task", contact.name)}"
			title="${hospital_followup.esc(label)}" aria-label="${hospital_followup.esc(label)}">${contact.sequence}</a>`;
	});
	const now =
		today <= last
			? `<span class="hf-now" style="inset-inline-start:${place(today)}"><small>${__(
					"Today"
				)}</small></span>`
			: "";
	return `<div class="hf-track" role="img" aria-label="${__("Contacts in time")}">
		${windows.join("")}${now}${points.join("")}</div>`;
}

function why(contact) {
	const codes = hospital_followup.codes(contact.reasons);
	const words = (kind, otherwise) => {
		const found = codes.filter((code) => WHY[kind].includes(code));
		return found.length ? found.map((code) => hospital_followup.sentence(code)).join(" ") : otherwise;
	};
	const owner = contact.assigned_to
		? __("{0}, by role, load and earlier contacts.", [contact.assigned_name || contact.assigned_to])
		: __("Nobody yet; assigned when the contact opens.");
	const rows = [
		[__("Day", null, "Contact"), words("date", __("The day that the policy gives."))],
		[__("Reason"), contact.sooner],
		[__("Channel"), words("channel", __("The channel that the policy gives."))],
		[__("Person"), owner],
		[__("Risk Tier"), words("tier", "")],
	];
	const lines = rows
		.filter(([, text]) => text)
		.map(([label, text]) => `<dt>${label}</dt><dd>${hospital_followup.esc(text)}</dd>`)
		.join("");
	return `<details><summary>${__("Why?")}</summary><dl>${lines}</dl></details>`;
}

function state(contact) {
	const words = [];
	if (["Cancelled", "Skipped", "Missed"].includes(contact.status)) {
		words.push(hospital_followup.sentence(contact.status_reason));
	} else if (contact.on_hold) {
		words.push(__("on hold while the plan is paused"));
	} else if (contact.status === "Completed") {
		words.push(__("done on {0}", [hospital_followup.day(contact.completed_on)]));
		if (contact.late_completion) words.push(__("after its window"));
	} else {
		words.push(__("window: {0}", [hospital_followup.days(contact.opens_on, contact.expires_on)]));
		if (contact.attempts) words.push(__("attempts: {0}", [contact.attempts]));
	}
	return words.map((word) => hospital_followup.esc(word)).join(" · ");
}

function item(contact) {
	const pill = hospital_followup.pill(__(contact.status), hospital_followup.colour("task", contact.status));
	const person = contact.assigned_to
		? ` · ${hospital_followup.esc(contact.assigned_name || contact.assigned_to)}`
		: "";
	const caregiver = contact.contact_point === "Caregiver" ? ` · ${__("with the caregiver")}` : "";
	const topics = hospital_followup.codes(contact.topics).map((topic) => __(topic));
	return `<li class="hf-contact ${contact.status === "Cancelled" ? "hf-gone" : ""}">
		<a class="hf-date" href="${frappe.utils.get_form_link("Follow-up Task", contact.name)}">
			${hospital_followup.esc(hospital_followup.day(contact.due_date))}</a>
		<div class="hf-body">
			<div>${pill} <b>${hospital_followup.how(contact)}</b>${person}${caregiver}</div>
			<div class="text-muted">${state(contact)}</div>
			<div class="text-muted">${hospital_followup.esc(hospital_followup.list(topics))}</div>
			${why(contact)}
		</div></li>`;
}

Object.assign(hospital_followup, {
	/** HTML of the contacts (rows of services/overview.py), in the order of their days. */
	contacts_html(contacts) {
		if (!contacts.length) return `<p class="text-muted">${__("No contacts planned.")}</p>`;
		return `${track(contacts)}<ol class="hf-contacts">${contacts.map(item).join("")}</ol>`;
	},

	next_contact(contacts) {
		return contacts.find(
			(contact) => ["Open", "In Progress", "Scheduled"].includes(contact.status) && !contact.on_hold
		);
	},
});
