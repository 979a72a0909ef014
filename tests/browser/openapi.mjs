// The description of the API against the schema of OpenAPI 3.1, by a validator that is not ours. openapi.mjs BUILD NPM_DIR
import { check, finish, require, siteStart } from "./browse.mjs";

const { Validator } = await import(require.resolve("@seriousme/openapi-schema-validator"));
const site = await siteStart();
const description = await (await fetch(`${site.url}/api/openapi.json`)).json();
await site.stop();
const result = await new Validator().validate(description);
check("it is OpenAPI 3.1", result.valid ? [] : [].concat(result.errors).map((error) => JSON.stringify(error)));
const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods));
check("it has operations", operations.length > 10 ? [] : [`${operations.length}`]);
finish("openapi");
