import { readFileSync } from "node:fs";
import { type Document, parse, parseAllDocuments } from "yaml";

type Values = Readonly<Record<string, string>>;

/** What a system of CI runs in one place, one after another: lines of a shell, or the words of a program. */
export interface Job {
  readonly env: Values;
  readonly runs: readonly (string | readonly string[])[];
}

const read = (path: string) => parse(readFileSync(path, "utf8")) as unknown;

/** What is there, by the names of the keys on the way. */
function at<T>(value: unknown, way: string): T {
  return way.split(" ").reduce((inner, key) => (inner as Record<string, unknown>)[key], value) as T;
}

function fill(text: string, form: RegExp, values: Values): string {
  return text.replace(form, (_, name: string) => {
    if (values[name] === undefined) throw new Error(`nothing is known of ${name}`);
    return values[name];
  });
}

/** A text with the expressions of GitHub or SourceCraft replaced. */
export const withContext = (text: string, context: Values) => fill(text, /\$\{\{ *([\w.-]+) *\}\}/g, context);

/** One step of a job of GitHub's. */
export type Step = Readonly<Partial<Record<"uses" | "run", string> & Record<"with" | "env", Values>>>;

/** The steps of the job `deploy`, and whether GitHub lets it ask for an OIDC token. */
export function githubSteps(path: string) {
  const workflow = read(path);
  const mayAsk = at<string>(workflow, "permissions id-token") === "write";
  return { mayAsk, steps: at<readonly Step[]>(workflow, "jobs deploy steps") };
}

type Inputs = Readonly<Record<string, { readonly default?: string; readonly regex?: string }>>;

/** The job `deploy` of a pipeline that includes one component, with the tokens that it asks for. */
export async function gitlabJob(path: string, component: string, sign: (aud: string) => Promise<string>) {
  const pipeline = read(path);
  const [head = "", body = ""] = readFileSync(component, "utf8").split(/^---$/m);
  const inputs = at<Inputs>(parse(head), "spec inputs");
  const given = at<Values>(pipeline, "include 0 inputs");
  const values = Object.entries(inputs).map(([name, row]) => {
    const value = given[name] ?? row.default ?? "";
    if (value === "" || !new RegExp(row.regex ?? "").test(value)) throw new Error(`${name} is refused`);
    return [name, value];
  });
  const form = /\$\[\[ inputs\.([\w-]+) \]\]/g;
  const jobs: unknown = parse(fill(body, form, Object.fromEntries(values) as Values));
  const base = at<object>(jobs, at(pipeline, "deploy extends"));
  const job = { ...base, ...at<object>(pipeline, "deploy") };
  const tokens: Record<string, string> = {};
  for (const [name, { aud }] of Object.entries(at<Record<string, { aud: string }>>(job, "id_tokens")))
    tokens[name] = await sign(aud);
  // A runner's shell ends at the first line that fails.
  const lines = ["set -e", ...at<string[]>(job, "before_script"), ...at<string[]>(job, "script")];
  return { env: { CI: "true", ...at<Values>(job, "variables"), ...tokens }, runs: [lines.join("\n")] };
}

/** The only cube of the workflow `deploy`. */
export function sourcecraftCube(path: string, connection: Values): Job {
  const file = read(path);
  const [token = ""] = Object.keys(at<object>(file, "tokens"));
  const context = Object.entries(connection).map(([name, value]) => [`tokens.${token}.${name}`, value]);
  const cube = at(file, "workflows deploy tasks 0 cubes 0");
  const env = Object.entries(at<Values>(cube, "env")).map(([name, text]) => {
    return [name, withContext(text, Object.fromEntries(context) as Values)];
  });
  return { env: Object.fromEntries(env) as Values, runs: at<string[]>(cube, "script") };
}

/** The containers of a manifest's job in their order, its volume being in a folder of ours, and the token wanted there. */
export function kubernetesJob(path: string, folder: string) {
  const documents = parseAllDocuments(readFileSync(path, "utf8")) as Document[];
  const job = documents.find((one) => one.get("kind") === "Job")?.toJS() as unknown;
  const pod = at(job, "spec template spec");
  const containers = [...at<object[]>(pod, "initContainers"), ...at<object[]>(pod, "containers")];
  const place = at<string>(containers[0], "volumeMounts 0 mountPath");
  const variables = at<{ name: string; value: string }[]>(containers[0], "env");
  const env = Object.fromEntries(variables.map(({ name, value }) => [name, value.replace(place, folder)]));
  const sub = `system:serviceaccount:${at<string>(job, "metadata namespace")}:${at<string>(pod, "serviceAccountName")}`;
  const token = at<Values>(pod, "volumes 0 projected sources 0 serviceAccountToken");
  return { env, runs: containers.map((one) => at<string[]>(one, "command")), sub, token };
}
