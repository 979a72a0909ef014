// What people come for, from the front page to the confirmation, in a real browser: in Norwegian and English, with JavaScript and
// without. And everybody's log-in, the keyboard alone, and that no page needs what it must not. journeys.mjs BUILD NPM_DIR
import { browserStart, check, finish, saidBy, siteStart, tabOpen, totp } from "./browse.mjs";

const password = "tre fjorder og en fjelltopp", secret = "FJORDKREDITTDEMOFJORDKREDITTDEMO"; // src/app/demo_people.h

const site = await siteStart();
const browser = await browserStart();
const rows = (sql) => site.tell({ sql });

/* A visitor with a language and script or none; the words of the step that fails are told. */
async function journey(name, role, language, script, steps) {
	const tab = await tabOpen(browser, site, role, { javaScriptEnabled: script });
	tab.setDefaultTimeout(15000);
	const step = { now: "begins" };
	const go = (path) => tab.goto(language === "en" ? `/en${path === "/" ? "" : path}` : path);
	/* Fills in the named fields of the form with that action and sends it by its button. */
	const send = async (action, values = {}, button = "button:not([type=button])") => {
		step.now = `sends ${action}`;
		const form = tab.locator(`form[method=post][action$="${action}"]`).last();
		for (const [field, value] of Object.entries(values)) {
			const at = form.locator(`[name="${field}"]`);
			const kind = await at.first().getAttribute("type");
			if (kind === "radio" || kind === "checkbox") await at.and(form.locator(`[value="${value}"]`)).check();
			else if (kind === "file") await at.setInputFiles(value);
			else if (await at.evaluate((node) => node.tagName) === "SELECT") await at.selectOption(value);
			else await at.fill(value);
		}
		await Promise.all([tab.waitForNavigation(), form.locator(button).first().click()]);
		const errors = await tab.locator(".ds-error-summary li").allTextContents();
		if (errors.length) throw new Error(`says: ${errors.join("; ")}`);
	};
	const at = (end) => {
		step.now = `expects ${end}`;
		if (!new URL(tab.url()).pathname.endsWith(end)) throw new Error(`is at ${tab.url()}`);
	};
	const findings = [];
	try {
		await steps({ tab, go, send, at, step });
		if (await tab.locator("html").getAttribute("lang") !== language) findings.push("ended in another language");
	} catch (error) {
		findings.push(`${step.now}: ${String(error).split("\n")[0]}`);
	}
	findings.push(...saidBy(tab));
	check(`${name}, ${language}, ${script ? "with" : "without"} script`, findings);
	await tab.context().close();
}

/* Cases for four debtors' journeys, and the clients' policy, so that an agreement is given at once. */
const free = (client, stage, count) => rows(`SELECT s.case_id FROM case_state s JOIN claim c ON c.case_id = s.case_id JOIN debtor d ON
	d.debtor_id = c.debtor_id WHERE s.stage = '${stage}' AND s.carrier_id IS NULL AND d.phone <> '' AND s.principal_minor > 100000 AND
	s.case_id NOT IN (${site.case}, ${site.other_case}) ${client ? `AND c.client_no = ${client}` : ""} AND NOT EXISTS (SELECT 1 FROM fact f
	WHERE f.case_id = s.case_id AND f.kind IN ('deferral', 'plan')) ORDER BY s.case_id LIMIT ${count}`).then((all) => all.map(([id]) => +id));
await rows("DELETE FROM client_policy");
await rows("INSERT INTO client_policy SELECT client_no, 30, 12, 10000, 0 FROM client");

const debtors = await free(0, "reminder", 8), claimsOf = await free(2, "reminder", 12);
const deskCases = (await free(0, "notice", 20)).filter((id) => !claimsOf.includes(id)).slice(0, 8);
const ways = [["nb", true], ["en", true], ["nb", false], ["en", false]];

for (const [index, [language, script]] of ways.entries()) {
	/* ---- somebody who got a letter ---- */
	const owing = debtors.filter((id) => !claimsOf.includes(id)).concat(await free(0, "demand", 12))[index];
	const code = await site.tell({ code: [owing, 1] });
	await journey("a debtor sees the status, logs in, looks, agrees on instalments and objects", "stranger", language, script,
		async ({ tab, go, send, at, step }) => {
			step.now = "the front page";
			await go("/");
			await go("/status");
			await send("/status", { case: String(owing), code });
			step.now = "logs in";
			await go("/my/login");
			await send("/my/login", { case: String(owing), code });
			at("/my/login/code");
			const [[words]] = await rows(`SELECT body FROM dispatch WHERE case_id = ${owing} AND urgent = 1 ORDER BY dispatch_id DESC LIMIT 1`);
			await send("/my/login/code", { digits: words.match(/\b\d{5}\b/)[0] });
			at(`/my/cases/${owing}`);
			for (const page of ["why", "pay", "later"]) {
				step.now = page;
				const answer = await go(`/my/cases/${owing}/${page}`);
				if (answer.status() !== 200) throw new Error(`answers ${answer.status()}`);
			}
			step.now = "instalments";
			await go(`/my/cases/${owing}/instalments?parts=4&until=10.07.2026`);
			await send(`/my/cases/${owing}/instalments`);
			at("/instalments/done");
			step.now = "objects";
			await go(`/my/cases/${owing}/object`);
			await tab.locator("form[action$='/object'] [name=reason]").first().check();
			await send(`/my/cases/${owing}/object`, { text: "Jeg har aldri bestilt dette." });
			at("/object/done");
			const [[stage]] = await rows(`SELECT stage FROM case_state WHERE case_id = ${owing}`);
			if (stage !== "disputed") throw new Error(`the case is ${stage}`);
			await go("/my");
			await send("/logout");
		});

	/* ---- a client's user ---- */
	const paid = claimsOf[index];
	await journey("a client registers a claim, uploads a file and reports a payment", "client_clerk", language, script,
		async ({ tab, go, send, at, step }) => {
			step.now = "registers";
			await go("/client/claims/new");
			await send("/new/debtor", { debtor_kind: "person", debtor_name: `Ola Reise ${index}` });
			await send("/new/address", { address: "Storgata 1", postcode: "0155", city: "Oslo" });
			await send("/new/invoice", { invoice_no: `REISE-${index}`, issued_on: "02.05.2026", due_on: "16.05.2026", amount: "1 250,50",
				description: "Malerarbeid" });
			await send("/new/before");
			await send("/client/claims");
			at("/registered");
			step.now = "uploads";
			await go("/client/uploads");
			const csv = "invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,country,phone,email," +
				`description\nFIL-${index},2026-05-02,2026-05-16,900.00,NOK,person,,Kari Fil,Storgata 2,0155,Oslo,NO,,,Varer\n` +
				`FEIL-${index},2026-05-02,2026-05-16,mye,NOK,person,,Per Feil,Storgata 3,0155,Oslo,NO,,,Varer\n`;
			await send("/client/uploads", { file: { name: `krav-${index}.csv`, mimeType: "text/csv", buffer: Buffer.from(csv) } });
			const upload = new URL(tab.url()).pathname.replace(/^\/en/, "");
			step.now = "waits for the file to be read";
			for (let i = 0; i < 100 && !await tab.locator("button[name=rows]").count(); i++) {
				await tab.waitForTimeout(100);
				await tab.goto(tab.url());
			}
			await send(upload, {}, "button[value=good]");
			for (let i = 0; i < 100 && !(await rows(`SELECT 1 FROM claim_invoice WHERE invoice_no = 'FIL-${index}'`)).length; i++)
				await tab.waitForTimeout(100);
			step.now = "reports a payment";
			await go(`/client/cases/${paid}/pay-direct`);
			await send("/pay-direct/check", { amount: "100", on: "29.06.2026" });
			await send("/pay-direct");
			at("/pay-direct/done");
			const [[count]] = await rows(`SELECT count(*) FROM claim_invoice WHERE invoice_no IN ('REISE-${index}', 'FIL-${index}')`);
			if (count !== "2") throw new Error(`${count} of 2 claims are in the book`);
		});

	/* ---- the desk: a task, an objection, four eyes ---- */
	const worked = deskCases[index], given = deskCases[index + 4];
	await journey("a handler takes a task, registers and answers an objection, and asks for a write-off", "handler", language, script,
		async ({ tab, go, send, at, step }) => {
			step.now = "the work list";
			await go("/desk");
			const task = await tab.locator("a[href*='/desk/tasks/'], a[href*='/desk/cases/']").first().getAttribute("href");
			await tab.goto(task);
			const [[number]] = await rows(`SELECT task_id FROM task WHERE done_at IS NULL AND for_client = 0 AND person_id IS NULL ORDER BY
				task_id LIMIT 1`);
			await go(`/desk/tasks/${number}`);
			await send(`/desk/tasks/${number}/take`);
			await go(`/desk/tasks/${number}`);
			await send(`/desk/tasks/${number}/done`, { outcome: "Snakket med skyldneren" });
			step.now = "objection";
			await go(`/desk/cases/${worked}/object`);
			await send("/object", { note: "Varen kom aldri" });
			await send("/object", {}, "button[value=do]");
			await go(`/desk/cases/${worked}/resolve`);
			await send("/resolve", { outcome: "rejected", note: "Levert 3. mai" });
			await send("/resolve", {}, "button[value=do]");
			step.now = "write-off";
			await go(`/desk/cases/${given}/close`);
			await send("/close", { note: "Kan ikke drives inn" });
			await send("/close", {}, "button[value=do]");
		});
	await journey("a manager agrees to it", "manager", language, script, async ({ go, send, step }) => {
		step.now = "finds it";
		const [[approval]] = await rows(`SELECT approval_id FROM approval WHERE decided_at IS NULL AND case_id = ${given}`);
		await go(`/desk/approvals/${approval}`);
		await send(`/desk/approvals/${approval}/agree`);
		const [[stage]] = await rows(`SELECT stage FROM case_state WHERE case_id = ${given}`);
		if (stage !== "closed") throw new Error(`the case is ${stage}`);
	});
}

/* ---- everybody's log-in: password, then the six digits ---- */
for (const [role, home] of [["handler", "/desk"], ["manager", "/desk"], ["admin", "/desk"], ["auditor", "/desk"],
	["client-admin", "/client"], ["client-clerk", "/client"], ["client-reader", "/client"]])
	await journey(`${role} logs in with password and app`, "stranger", "nb", true, async ({ go, send, at, step }) => {
		step.now = "log-in";
		await go("/login");
		await send("/login", { email: `${role}@fjordkreditt.example`, password });
		await send("/login/code", { code: totp(secret) });
		at(home);
		await send("/logout");
	});

/* Whether what has the focus looks otherwise than without it. */
async function looksOtherWithFocus(tab) {
	const node = await tab.evaluateHandle(() => document.activeElement);
	const box = await node.boundingBox();
	const clip = { x: Math.max(0, box.x - 8), y: Math.max(0, box.y - 8), width: box.width + 16, height: box.height + 16 };
	const focused = await tab.screenshot({ clip, fullPage: true });
	await node.evaluate((at) => at.blur());
	const plain = await tab.screenshot({ clip, fullPage: true });
	await node.evaluate((at) => at.focus({ focusVisible: true }));
	return !focused.equals(plain);
}

/* ---- the keyboard alone ---- */
for (const [role, path] of [["stranger", "/"], ["stranger", "/status"], ["stranger", "/what-is-debt-collection"], ["debtor", `/my/cases/${site.case}`],
	["debtor", `/my/cases/${site.case}/object`], ["client_admin", "/client/cases"], ["client_admin", "/client/claims/new"],
	["manager", "/desk"], ["manager", `/desk/cases/${site.case}`]]) {
	const tab = await tabOpen(browser, site, role);
	const findings = [];
	await tab.goto(path);
	const wanted = await tab.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
		.filter((node) => node.checkVisibility() && !node.disabled && node.tabIndex >= 0 && !(node.type === "radio" && !node.checked &&
			node !== document.querySelector(`input[name="${node.name}"]`))).length);
	const seen = new Set();
	for (let i = 0; i < wanted + 10; i++) {
		await tab.keyboard.press("Tab");
		const at = await tab.evaluate(() => {
			const node = document.activeElement;
			if (node === document.body) return null;
			const style = getComputedStyle(node), box = node.getBoundingClientRect();
			window.order ??= [];
			if (!window.order.includes(node)) window.order.push(node);
			return { index: window.order.indexOf(node), words: node.outerHTML.slice(0, 90), isSkip: node.matches(".ds-skip-link"),
				isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none", isThere: box.width > 0 && box.height > 0 };
		});
		if (!at || seen.has(at.index)) break;
		if (!seen.size && !at.isSkip) findings.push(`the first stop is no skip link: ${at.words}`);
		if (!at.isMarked && !await looksOtherWithFocus(tab)) findings.push(`no mark of focus: ${at.words}`);
		if (!at.isThere) findings.push(`focus on nothing: ${at.words}`);
		seen.add(at.index);
	}
	if (seen.size < wanted) findings.push(`${seen.size} of ${wanted} stops are reached`);
	check(`keyboard alone: ${path}`, findings.concat(saidBy(tab)));
	await tab.context().close();
}

/* ---- nothing is asked of anybody else, and the policy stands on every page ---- */
{
	const tab = await tabOpen(browser, site, "stranger");
	const foreign = [], policy = [];
	tab.on("request", (request) => request.url().startsWith(site.url) || request.url().startsWith("data:") || foreign.push(request.url()));
	for (const page of site.pages.filter((each) => each.role === "stranger")) {
		const answer = await tab.goto(page.path);
		if (!(answer.headers()["content-security-policy"] ?? "").startsWith("default-src 'none'")) policy.push(page.path);
	}
	check("nothing is asked of another site", foreign);
	check("every page has its Content-Security-Policy", policy);
	await tab.context().close();
}

await browser.close();
await site.stop();
finish("journeys");
