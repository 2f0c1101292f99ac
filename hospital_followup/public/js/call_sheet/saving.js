// The line that says whether the server has everything.
import { clock, esc, sign } from "./html";

export function saving_line(state, { answer, reason } = {}) {
	switch (state) {
		case "waiting":
		case "saving":
			return `<span class="text-muted">${__("Saving…")}</span>`;
		case "offline":
			return `<b>${sign("warn")} ${__(
				"Not saved yet: no connection."
			)}</b> ${__("It is sent as soon as the connection is back. Keep this page open.")}`;
		case "refused":
			return `<b>${sign("warn")} ${__("Not saved:")}</b> ${esc(reason || "")}
				<button type="button" class="btn btn-default btn-xs" data-act="resend">${__("Try Again")}</button>`;
		default:
			return answer
				? `<span class="text-muted">✓ ${__("Saved {0}", [clock(answer.saved_at)])}</span>`
				: `<span class="text-muted">${__("Everything is saved as you write.")}</span>`;
	}
}
