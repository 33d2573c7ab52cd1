import { X509Certificate } from "node:crypto";
import type { OptionSpecs } from "../core/options/options";
import { readOptions } from "../core/options/read";
import { readServiceUrl } from "../core/options/urls";
import type { OutputSpecs } from "../core/token/result";
import { OptionError } from "../core/words/errors";
import { option, say } from "../core/words/message";
import { EXEC_CREDENTIAL } from "./exec-credential";
import { pluginFlags } from "./plugin-flags";

/** What a kubeconfig is made of. */
export const CLUSTER = {
  server: { kind: "string", doc: "Address of the API server, such as `https://203.0.113.7`." },
  ca: {
    kind: "string",
    doc: "Certificate, in PEM, of the authority that the API server's certificate is of: the master's `cluster_ca_certificate`.",
  },
  name: {
    kind: "string",
    doc: "How the cluster is called in the kubeconfig; the context and the user have this name too.",
  },
  args: {
    kind: "stringList",
    doc: "Flags of `yciam exec-credential` that choose whose token it is, such as `--impersonate-service-account-id=...`; none with a secret. By default the environment of kubectl decides.",
  },
} as const satisfies OptionSpecs;

/** Names of those that must be given. */
export const CLUSTER_REQUIRED = ["server", "ca", "name"] as const;

/** What is answered where an answer has fields. */
export const KUBECONFIG = {
  kubeconfig: { doc: "The kubeconfig, in YAML. There is no token in it." },
} as const satisfies OutputSpecs;

/** A cluster, and who asks it. */
export interface KubeconfigArgs {
  /** Address of the API server, such as `https://203.0.113.7`. */
  readonly server: string;
  /** Certificate, in PEM, of the authority that the API server's certificate is of. */
  readonly ca: string;
  /** How the cluster is called in the kubeconfig; the context and the user have this name too. */
  readonly name: string;
  /** Flags of `yciam exec-credential` that choose whose token it is; none with a secret. */
  readonly args?: readonly string[];
}

const HINT =
  "kubectl gets its token from the command yciam, which is not on the PATH here. Install it, or put its folder on the PATH.";

/**
 * A kubeconfig that has `yciam` asked for a token whenever one is needed. It is made of the arguments alone, so it is the
 * same in every run and on every machine.
 * @throws OptionError that names the argument
 */
export function kubeconfig(given: object): string {
  const { server, ca, name, args } = readCluster(given);
  const quoted = quote(name);
  const words = ["exec-credential", `--cluster=${name}`, ...pluginFlags(args ?? [])];
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${quoted}
    cluster:
      server: ${quote(server)}
      certificate-authority-data: ${Buffer.from(certificates(ca)).toString("base64")}
contexts:
  - name: ${quoted}
    context:
      cluster: ${quoted}
      user: ${quoted}
current-context: ${quoted}
users:
  - name: ${quoted}
    user:
      exec:
        apiVersion: ${EXEC_CREDENTIAL}
        command: yciam
        args:
${words.map((word) => `          - ${quote(word)}\n`).join("")}        interactiveMode: Never
        provideClusterInfo: false
        installHint: ${quote(HINT)}
`;
}

/** A string of JSON is one of YAML too, but for characters that JSON takes as they are. */
function quote(text: string): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escape);
}

function readCluster(given: object): KubeconfigArgs {
  const known = Object.entries(given).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  const { values } = readOptions("", CLUSTER, Object.fromEntries(known), {});
  const missing = CLUSTER_REQUIRED.find((name) => values[name] === undefined);
  if (missing !== undefined)
    throw new OptionError(say`${option(missing)} is missing: ${CLUSTER[missing].doc}`, missing);
  const cluster = values as KubeconfigArgs;
  readServiceUrl(cluster.server, option("server"), "server");
  checkWords("name", [cluster.name]);
  checkWords("args", cluster.args ?? []);
  return cluster;
}

/** No system runs a program with a zero in its words, and half a character is none in any encoding. */
function checkWords(name: "name" | "args", words: readonly string[]): void {
  if (words.some((word) => /[\0\p{Cs}]/u.test(word)))
    throw new OptionError(say`${option(name)} has a character that cannot be given to a program.`, name);
}

/** The certificates alone, with one kind of line break: another machine may have the same ones in a file that differs. */
function certificates(pem: string): string {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (found.length > 0) return found.map((one) => new X509Certificate(one).toString()).join("");
  } catch {
    // It is said below.
  }
  throw new OptionError(
    say`${option("ca")} is no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.`,
    "ca",
  );
}
