// What does not work stands on our own pages, for those who can do something about it.
const HEALTH_ROLES = ["Follow-up Administrator", "System Manager", "Follow-up Supervisor"];
const ASK_AGAIN_MS = 60_000;
let asked_at = 0;
let answer = { sentences: [] };

function is_ours([kind, name] = []) {
	if (kind === "follow-up-worklist") return true;
	if (kind === "Workspaces") return name === "Hospital Follow-up";
	return ["List", "Form", "query-report"].includes(kind) && /^(Follow-up|Patient Discharge)/.test(name);
}

function concerns_us() {
	return is_ours(frappe.get_route()) && HEALTH_ROLES.some((role) => frappe.user.has_role(role));
}

function draw() {
	document.querySelectorAll(".hf-health-banner").forEach((banner) => banner.remove());
	const body = frappe.container?.page?.querySelector(".page-body");
	if (!concerns_us() || !answer.sentences.length || !body) return;
	const lines = answer.sentences.map((line) => `<p>${hospital_followup.esc(line)}</p>`).join("");
	const link = answer.page
		? `<p><a href="${frappe.router.make_url(["follow-up-health"])}">${__("What to do about it")}</a></p>`
		: "";
	body.insertAdjacentHTML(
		"afterbegin",
		`<section class="hf-health-banner hf-red" role="alert">${lines}${link}</section>`
	);
}

async function show_banner() {
	draw();
	if (!concerns_us() || Date.now() - asked_at <= ASK_AGAIN_MS) return;
	const first = !asked_at;
	asked_at = Date.now();
	try {
		answer = await frappe.xcall("hospital_followup.health_api.banner");
	} catch {
		return; // the server is gone for a moment: the desk says so itself
	}
	// A later answer is drawn with the next page: nothing moves under a hand that is about to click.
	if (first) draw();
}

Object.assign(hospital_followup, {
	/** Somebody has just put something right: say how it stands now. */
	look_at_health_again() {
		asked_at = 0;
		return show_banner();
	},
});

// After sign-in only: pages without the desk have no container.
$(document).on("page-change", () => show_banner());
