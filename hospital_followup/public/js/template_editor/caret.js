// Where the cursor of a text area is: browsers do not tell, so the text is laid out a second time, out of sight.
const COPIED = [
	"boxSizing",
	"width",
	"paddingTop",
	"paddingRight",
	"paddingBottom",
	"paddingLeft",
	"borderTopWidth",
	"borderRightWidth",
	"borderBottomWidth",
	"borderLeftWidth",
	"fontFamily",
	"fontSize",
	"fontWeight",
	"letterSpacing",
	"lineHeight",
	"direction",
];
const MENU_WIDTH = 320;

/** The place below the cursor at `position`, in pixels from the text area's parent. */
export function caret_place(textarea, position) {
	const style = window.getComputedStyle(textarea);
	const mirror = document.createElement("div");
	for (const name of COPIED) mirror.style[name] = style[name];
	Object.assign(mirror.style, {
		position: "absolute",
		visibility: "hidden",
		whiteSpace: "pre-wrap",
		overflowWrap: "break-word",
	});
	mirror.textContent = textarea.value.slice(0, position);
	const caret = document.createElement("span");
	caret.textContent = "\u200b";
	mirror.append(caret);
	document.body.append(mirror);
	const left = Math.min(caret.offsetLeft, Math.max(0, textarea.clientWidth - MENU_WIDTH));
	const top = Math.min(caret.offsetTop + caret.offsetHeight - textarea.scrollTop, textarea.clientHeight);
	mirror.remove();
	return { left: textarea.offsetLeft + left, top: textarea.offsetTop + top };
}
