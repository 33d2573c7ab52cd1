import { renderExamples } from "./example";
import { explainResolversExample } from "./examples/explain-resolvers";
import { getEphemeralAccessKeyExample } from "./examples/get-ephemeral-access-key";
import { getIamTokenExample } from "./examples/get-iam-token";
import { getIamTokenInfoExample } from "./examples/get-iam-token-info";
import { iamTokenExample } from "./examples/iam-token";
import { kubeconfigExample } from "./examples/kubeconfig";
import { providerExample } from "./examples/provider";

const SAVED = `
The state keeps what a provider is given, and \`refresh\` and \`destroy\` use it as it was saved. Give it something that
lasts: a key, or nothing, so that the environment decides. If you give it a token (\`iamToken\`), run these commands with
\`--run-program\`: then the program gives the provider a new token first. Give \`expiresAt\` beside such a token. Without
it nobody here can tell that the token has died, and it is handed out until a service refuses it.`;

/** Descriptions with examples: of functions and the resource by name, and of the provider. */
export const documentation = {
  provider: `
Holds one identity of Yandex Cloud and the settings that calls through it share. A call's own arguments come first, and a
call that names a credential ignores the provider's. All arguments are optional: with none, the environment decides.
Nothing of the environment is copied into the state.
${SAVED}

${renderExamples(providerExample)}`.trim(),

  getIamToken: `
A Yandex Cloud IAM token with at least \`minRemainingValidity\` left. With no arguments the environment decides: the first
resolver that has a credential answers.

The two secrets are marked as such on the wire. Use the Output form of the function (\`Invoke\` in C#; in Java the one
without \`Plain\` in its name): the plain form drops the mark in Node.js, Python and Java, and fails in Go. Outside of TypeScript one secret makes the whole answer secret. Use
\`getIamTokenInfo\` for what may be shown, such as \`expiresAt\`.

${renderExamples(getIamTokenExample)}`.trim(),

  getIamTokenInfo: `
All that \`getIamToken\` answers for the same arguments, without the token. Nothing in it is secret, unless an argument is.

${renderExamples(getIamTokenInfoExample)}`.trim(),

  getEphemeralAccessKey: `
An ephemeral access key of Object Storage, for what speaks AWS's protocol and takes a session token: an AWS provider, a
program. It cannot be revoked, and it dies with the token that asks for it. Each run gets another key, so whatever is given
one differs in each run; give it to providers and programs, and not to resources.

The two secrets are marked as such on the wire. Use the Output form of the function: the plain form drops the mark in
Node.js and Python, and fails in Go. Outside of TypeScript one secret makes the whole answer secret.

${renderExamples(getEphemeralAccessKeyExample)}`.trim(),

  explainResolvers: `
How each resolver fares here, and which one answers. It looks at options and the environment, and asks for a token only
when \`verify\` is true. Nothing in it is secret, unless an argument is.

${renderExamples(explainResolversExample)}`.trim(),

  kubeconfig: `
A kubeconfig, in YAML, by which kubectl, this engine's kubernetes provider and all that is made with client-go run
\`yciam exec-credential\` for a token whenever they need one. There is no token in it: it is the same in every run and on
every machine, so a provider that is given it is never replaced, and no token dies in a long run.

${renderExamples(kubeconfigExample)}`.trim(),

  IamToken: `
An IAM token that is kept in the state as a secret. An update renews it only when less than \`minRemainingValidity\` is
left of it, or an input changed; a refresh does too, when it is near its end, and \`destroy\` does not. So everything that uses it sees one value for most of its 12 hours. Whoever can decrypt
the state can use the token; where nothing needs a stable value, prefer \`getIamToken\`. Deleting the
resource leaves the token alive, since others may hold the same one: \`yciam revoke\` makes it useless for all of them.
A change of its provider, or of the environment, such as another credential, takes effect when it is renewed:
\`pulumi up --replace URN\` does that at once. It cannot be imported.

${renderExamples(iamTokenExample)}`.trim(),
};
