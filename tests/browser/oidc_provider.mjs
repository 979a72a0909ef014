// A certified OpenID provider on this machine, for tests of log-in: node oidc_provider.mjs FOLDER REDIRECT_URI
// Says its address on a line. Whoever logs in writes a national identity number as the user name; it is the claim pid.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [folder, redirect] = process.argv.slice(2);
const require = createRequire(folder + "/");
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);

const server = createServer();
server.listen(0, "127.0.0.1", () => {
	const issuer = `http://127.0.0.1:${server.address().port}`;
	const provider = new Provider(issuer, {
		clients: [{ client_id: "kravbok", client_secret: "a secret: of ours/", redirect_uris: [redirect],
			grant_types: ["authorization_code"], response_types: ["code"], token_endpoint_auth_method: "client_secret_basic" }],
		claims: { openid: ["sub", "pid"], profile: [] },
		conformIdTokenClaims: false,
		pkce: { required: () => true },
		features: { devInteractions: { enabled: true } },
		cookies: { keys: ["a test's own key"] },
		findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, pid: id }) }),
	});
	server.on("request", provider.callback());
	console.log(issuer);
});
