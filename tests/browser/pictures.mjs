// Pictures of the main pages for README and manual: docs/pictures/NAME-WIDTH.png, of the demo, in Norwegian; `make pictures`.
// pictures.mjs BUILD NPM_DIR FOLDER
import { mkdirSync, statSync } from "node:fs";
import { browserStart, finish, check, siteStart, tabOpen } from "./browse.mjs";

const folder = process.argv[4];
mkdirSync(folder, { recursive: true });
const site = await siteStart();
const browser = await browserStart();

/* The desk shows best a case on which much has happened. */
const [[busy]] = await site.tell({ sql: "SELECT case_id FROM case_state WHERE stage = 'plan' AND carrier_id IS NULL ORDER BY event_count DESC, case_id LIMIT 1" });
const shots = [
	["front", "stranger", "/"],
	["debtor", "debtor", `/my/cases/${site.case}`],
	["debtor-why", "debtor", `/my/cases/${site.case}/why`],
	["client", "client_admin", "/client"],
	["client-cases", "client_admin", "/client/cases"],
	["desk", "manager", "/desk"],
	["desk-case", "manager", `/desk/cases/${busy}`],
];
for (const [name, role, path] of shots)
	for (const width of [1280, 390])
		for (const colorScheme of name === "debtor" ? ["light", "dark"] : ["light"]) {
			const tab = await tabOpen(browser, site, role, { viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });
			const answer = await tab.goto(path, { waitUntil: "networkidle" });
			const file = `${folder}/${name}-${width}${colorScheme === "dark" ? "-dark" : ""}.png`;
			await tab.screenshot({ path: file });
			check(file, answer.status() === 200 && statSync(file).size < 300000 ? [] : [`status ${answer.status()}, ${statSync(file).size} bytes`]);
			await tab.context().close();
		}
await browser.close();
await site.stop();
finish("pictures");
