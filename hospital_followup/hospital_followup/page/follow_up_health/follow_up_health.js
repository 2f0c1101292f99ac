// How follow-up is running: what is wrong first, with the fix beside it.
const LOOK_AGAIN_MS = 60_000;

frappe.pages["follow-up-health"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Follow-up Health"),
		single_column: true,
	});
	wrapper.health = new HealthPage(page);
	page.set_primary_action(__("Look Again"), () => wrapper.health.show(true), "refresh");
};

frappe.pages["follow-up-health"].on_page_show = function (wrapper) {
	wrapper.health.show();
};

class HealthPage {
	constructor(page) {
		this.page = page;
		this.$list = $('<div class="hf-health" aria-live="polite"></div>').appendTo(page.main);
		this.$list.on("click", "[data-route]", (event) => this.go(event));
		setInterval(() => this.is_shown() && this.show(), LOOK_AGAIN_MS);
	}

	is_shown() {
		return frappe.get_route()[0] === "follow-up-health" && !document.hidden;
	}

	async show(fresh = false) {
		const args = { fresh: fresh ? 1 : 0 };
		const found = await frappe.xcall("hospital_followup.health_api.checks", args);
		this.checks = found.checks;
		const shown = { bad: "red", warn: "orange", ok: "green" };
		const titles = {
			bad: __("Something does not work."),
			warn: __("It works, but something should be looked at."),
			ok: __("Everything works."),
		};
		const at = frappe.datetime.str_to_user(found.looked_at);
		const rows = this.checks.map((check, index) => this.row(check, index, shown[check.level])).join("");
		this.$list.html(
			`<section class="hf-panel hf-${shown[found.level]}"><h4>${titles[found.level]}</h4>
				<p>${__("Looked at {0}; again every minute.", [hospital_followup.esc(at)])}</p></section>
			<ul class="hf-checks">${rows}</ul>`
		);
	}

	row(check, index, colour) {
		const words = { bad: __("Does not work"), warn: __("Look at this"), ok: __("In order") };
		const [kind, doctype] = check.route;
		const may_open = kind && (!["List", "Form"].includes(kind) || frappe.model.can_read(doctype));
		const link = may_open
			? `<button type="button" class="btn btn-default btn-sm" data-route="${index}">${__("Go There")}</button>`
			: "";
		const fix = check.fix ? `<p>${hospital_followup.esc(check.fix)}</p>` : "";
		return `<li class="hf-check" data-check="${hospital_followup.esc(check.code)}" data-level="${check.level}">
			<span class="hf-check-level">${hospital_followup.pill(words[check.level], colour)}</span>
			<div class="hf-body"><b>${hospital_followup.esc(check.sentence)}</b>${fix}</div>${link}</li>`;
	}

	go(event) {
		const check = this.checks[event.currentTarget.dataset.route];
		frappe.route_options = Object.keys(check.options).length ? check.options : null;
		frappe.set_route(...check.route);
	}
}
