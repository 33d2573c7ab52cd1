// Writes the names of release.config.json wherever the former ones stand: in documents, examples, tests and package.json.
// The former ones are those in provider/generated/release.ts, which is written after this.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

type Names = Readonly<Record<string, string>>;

const NAMED = /\.(?:md|ts|mjs|tf|hcl|json|ya?ml|go|mod|toml|py|cs|csproj|java|gradle)$/;
/** What is brought or made, and what is written whole by others; the changelog tells how things were. */
const LEFT =
  /(?:^|\/)node_modules$|^(?:dist|build|release|\.git|CHANGELOG\.md|release\.config\.json|package-lock\.json)$/;
const GENERATED = "provider/generated/release.ts";

/** The files that name something as it was, as they should be, by their path from the root. */
export function filesWithNames(root: string): Readonly<Record<string, string>> {
  const config = JSON.parse(readFileSync(join(root, "release.config.json"), "utf8")) as Names;
  const rename = renamer(formerNames(root), config);
  const texts = filesIn(root).map((path) => [path, readFileSync(join(root, path), "utf8")] as const);
  const changed = texts
    .map(([path, text]) => [path, text, withRepository(path, rename(text), config)] as const)
    .filter(([path, text, fresh]) => fresh !== text && path !== GENERATED);
  return Object.fromEntries(changed.map(([path, , fresh]) => [path, fresh]));
}

function formerNames(root: string): Names {
  const text = readFileSync(join(root, GENERATED), "utf8");
  return Object.fromEntries(
    Array.from(text.matchAll(/^ {2}(\w+): "(.*)",$/gm), ([, name = "", value = ""]) => [name, value]),
  );
}

function filesIn(root: string, folder = ""): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (LEFT.test(path) || entry.isSymbolicLink()) return [];
    if (entry.isDirectory()) return filesIn(root, path);
    return NAMED.test(path) ? [path] : [];
  });
}

/** Replaces all names in one pass: one may be the beginning of another. */
function renamer(former: Names, names: Names): (text: string) => string {
  const { namespace: formerNamespace = "", dotnetNamespace = "", ...others } = former;
  const byLength = Object.entries(others).sort(([, a], [, b]) => b.length - a.length);
  const wholes = byLength.map(([name, value]) => `(?<!\\w)(?<${name}>${escaped(value)})(?![\\w-])`);
  const dotnet = `(?<!\\w)(?<dotnetNamespace>${dotnetNamespace})(?=\\.Yciam\\b)`;
  // `me/yciam` is an address of the provider in quotes, after a registry's host, or alone; in other addresses it is not.
  const before = "^|[\"'`\\s]|registry\\.(?:terraform\\.io|opentofu\\.org)/|/providers/|\\$\\{[\\w.]+\\}/";
  const address = `(?<=${before})(?<namespace>${escaped(formerNamespace)})(?=/yciam(?![\\w.-]))`;
  const all = new RegExp([...wholes, dotnet, address].join("|"), "gm");
  return (text) =>
    text.replace(all, (...found) => {
      const groups = found.at(-1) as Names;
      const [name = "", value = ""] = Object.entries(groups).find(([, one]) => one !== undefined) ?? [];
      return names[name] ?? value;
    });
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** package.json says where the repository is in three ways. */
function withRepository(path: string, text: string, { repository }: Names): string {
  if (path !== "package.json") return text;
  const { name, version, description, license, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const where = {
    homepage: `${repository}#readme`,
    repository: { type: "git", url: `git+${repository}.git` },
    bugs: `${repository}/issues`,
  };
  return `${JSON.stringify({ name, version, description, license, ...where, ...rest, ...where }, undefined, 2)}\n`;
}

if (require.main === module) {
  const root = join(__dirname, "..");
  Object.entries(filesWithNames(root)).forEach(([path, text]) => writeFileSync(join(root, path), text));
}
