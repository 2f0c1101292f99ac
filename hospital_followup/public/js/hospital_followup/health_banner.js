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

async function show_banner() {
	document.querySelectorAll(".hf-health-banner").forEach((banner) => banner.remove());
	if (!is_ours(frappe.get_route()) || !HEALTH_ROLES.some((role) => frappe.user.has_role(role))) return;
	if (Date.now() - asked_at > ASK_AGAIN_MS) {
		asked_at = Date.now();
		try {
			answer = await frappe.xcall("hospital_followup.health_api.banner");
		} catch {
			return; // the server is gone for a moment: the desk says so itself
		}
	}
	const body = frappe.container?.page?.querySelector(".page-body");
	if (!answer.sentences.length || !body || body.querySelector(".hf-health-banner")) return;
	const lines = answer.sentences.map((line) => `<p>${hospital_followup.esc(line)}</p>`).join("");
	const link = answer.page
		? `<p><a href="${frappe.router.make_url(["follow-up-health"])}">${__("What to do about it")}</a></p>`
		: "";
	body.insertAdjacentHTML(
		"afterbegin",
		`<section class="hf-panel hf-red hf-health-banner" role="alert">${lines}${link}</section>`
	);
}

// After sign-in only: pages without the desk have no container.
$(document).on("page-change", () => show_banner());
