/* What the pages do when script runs. Each works without it: nothing here is the only way to do anything.
 *   the error summary gets the focus when the page opens
 *   data-key="g" on a link or button: the key does the same, on a page whose <body> has data-keys (the user's setting)
 *   a form is sent once; data-again on the <form> for one that answers with a file
 *   data-copy="text" on a <button hidden>: shown, and copies; data-copied is what it then says
 *   data-refresh="seconds" with an id: the element is fetched again from its page; data-pause="id" on a <button hidden>
 *   shown: stops and starts it, data-resume is its text while stopped */
(function () {
	"use strict";

	const summary = document.querySelector(".ds-error-summary");
	if (summary) {
		summary.tabIndex = -1;
		summary.focus();
	}

	/* One region tells what happened, for those who do not see it. */
	const said = document.createElement("div");
	said.className = "ds-sr-only";
	said.setAttribute("role", "status");
	document.body.append(said);

	/* WCAG 2.1.4: keys of one character only for those who asked for them, and never while typing. */
	function isTyping(target) {
		return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
	}
	if (document.body.hasAttribute("data-keys")) {
		for (const at of document.querySelectorAll("[data-key]")) {
			at.setAttribute("aria-keyshortcuts", at.dataset.key);
			if (!at.matches("a, button")) continue;
			const key = document.createElement("kbd");
			key.className = "kb-key";
			key.textContent = at.dataset.key;
			key.setAttribute("aria-hidden", "true");
			at.append(" ", key);
		}
		document.addEventListener("keydown", function (event) {
			if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
			for (const at of document.querySelectorAll("[data-key]")) {
				if (at.dataset.key !== event.key) continue;
				event.preventDefault();
				if (at.matches("a, button")) at.click();
				else at.focus();
				return;
			}
		});
	}

	/* The button is not disabled: its name and value belong to what is sent. */
	document.addEventListener("submit", function (event) {
		const form = event.target;
		if (event.defaultPrevented || form.hasAttribute("data-again")) return;
		if (form.hasAttribute("data-sent")) {
			event.preventDefault();
			return;
		}
		form.setAttribute("data-sent", "");
		if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
	});
	window.addEventListener("pageshow", function () { /* also when the browser goes back to this page */
		for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
		for (const at of document.querySelectorAll("[aria-busy]")) at.removeAttribute("aria-busy");
	});

	if (navigator.clipboard) {
		for (const button of document.querySelectorAll("button[data-copy]")) {
			const text = button.textContent;
			button.hidden = false;
			button.addEventListener("click", function () {
				navigator.clipboard.writeText(button.dataset.copy).then(function () {
					const copied = button.dataset.copied || text;
					button.textContent = copied;
					said.textContent = copied;
					setTimeout(function () {
						button.textContent = text;
						said.textContent = "";
					}, 4000);
				}, function () { /* refused by the browser: the number stands beside the button */ });
			});
		}
	}

	function refresh(at) {
		if (document.hidden || at.hasAttribute("data-paused") || at.contains(document.activeElement)) return;
		fetch(location.href, { headers: { Accept: "text/html" } }).then(function (answer) {
			return answer.ok && !answer.redirected ? answer.text() : null;
		}).then(function (text) {
			const fresh = text && new DOMParser().parseFromString(text, "text/html").getElementById(at.id);
			if (!fresh) return;
			at.replaceChildren(...fresh.childNodes);
			if (!fresh.hasAttribute("data-refresh")) { /* done: the page says so by leaving the attribute out */
				clearInterval(Number(at.dataset.timer));
				at.removeAttribute("data-refresh");
			}
		}, function () { /* no answer now; the next try comes */ });
	}
	for (const at of document.querySelectorAll("[data-refresh][id]")) {
		const seconds = Math.max(2, Number(at.dataset.refresh) || 10);
		at.dataset.timer = String(setInterval(refresh, seconds * 1000, at));
	}
	for (const button of document.querySelectorAll("button[data-pause]")) {
		const at = document.getElementById(button.dataset.pause);
		if (!at) continue;
		const pause = button.textContent;
		button.hidden = false;
		button.addEventListener("click", function () {
			button.textContent = at.toggleAttribute("data-paused") ? button.dataset.resume || pause : pause;
		});
	}
})();
