// Shortcuts: by the key's place, only while no input has the focus, never while an input method is composing.
const TYPED = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
const NAMED = {
	KeyJ: "next",
	KeyK: "previous",
	KeyN: "no_answer",
	KeyR: "reached",
	KeyS: "start",
	KeyI: "identity",
	KeyQ: "questions",
	KeyW: "notes",
	Slash: "search",
};

/** `root`: shortcuts act while it is on the screen. `actions`: what to do by name; `digit(text)` for 1-9. */
export function listen_to_keys(root, actions) {
	document.addEventListener(
		"keydown",
		(event) => {
			if (event.isComposing || event.keyCode === 229 || !shown(root)) return;
			const act = action_of(event, actions);
			if (!act) return;
			event.preventDefault();
			event.stopPropagation();
			act();
		},
		true
	);
}

function shown(root) {
	return root.isConnected && root.offsetParent !== null && !document.querySelector(".modal.show");
}

function action_of(event, actions) {
	if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
		return event.repeat ? () => {} : actions.finish;
	}
	const typing = document.activeElement?.matches?.(TYPED) && document.activeElement;
	if (typing) return event.code === "Escape" ? () => typing.blur() : null;
	if (event.ctrlKey || event.metaKey || event.altKey) return null;
	if (event.key === "?") return actions.help; // a sign, not a place: layouts keep it on different keys
	if (event.shiftKey) return null;
	const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
	if (digit) return actions.digit && (() => actions.digit(digit[1]));
	return actions[NAMED[event.code]];
}
