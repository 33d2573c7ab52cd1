// release.config.json says who publishes: where the repository, the plugins of Pulumi and the Go module are, and the
// namespace in the registries of Terraform.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What each value must be, and how that is said. */
const VALUES = {
  repository: [
    /^https:\/\/[\w.-]+\/[\w./-]*[\w-]$/,
    "an address such as https://github.com/me/yciam, without .git",
  ],
  namespace: [/^[a-z0-9]+(-[a-z0-9]+)*$/, "small letters and digits, with single hyphens between them"],
  pluginDownloadURL: [
    /^(https|github|gitlab):\/\/[\w.-]+(\/.*[^/])?$/,
    "an address of https, github or gitlab, without a slash at its end",
  ],
  // Go takes the first part of a path for a host, which has a dot.
  goModule: [/^[\w-]+(\.[\w-]+)+(\/[\w.~-]+)+$/, "a path that begins with a host, without a scheme"],
  javaPackage: [/^[a-z]\w*(\.[a-z]\w*)*$/, "a package such as com.mycompany"],
  // In a namespace Yciam.Yciam the name Yciam would mean the inner one.
  dotnetNamespace: [/^(?!Yciam$)[A-Z]\w*$/, "one word with a capital letter, and not Yciam"],
};

/**
 * The values of release.config.json.
 * @throws Error that names each value that is wrong, missing or unknown
 */
export function readConfig(root) {
  const config = JSON.parse(readFileSync(join(root, "release.config.json"), "utf8"));
  const unknown = Object.keys(config).filter((name) => !(name in VALUES));
  const wrong = Object.entries(VALUES).filter(([name, [pattern]]) => !pattern.test(config[name] ?? ""));
  const problems = [
    ...unknown.map((name) => `it knows no ${name}`),
    ...wrong.map(([name, [, text]]) => `${name} must be ${text}`),
  ];
  // One name could not be told from the other when it is changed.
  if (new Set(Object.values(config)).size < Object.keys(config).length)
    problems.push("two of its values are the same");
  if (problems.length > 0) throw new Error(`release.config.json: ${problems.join("; ")}`);
  return config;
}

/** The names that nobody can own, as nothing can be published under them. */
export function placeholders(config) {
  return Object.keys(config).filter((name) => /(^|[/.])\w+\.example(\/|$)|^example\b/i.test(config[name]));
}
