// What is in the executables and the programs for Node, in CycloneDX 1.6: the packages that the bundles were made from,
// and the runtimes. It is made from what they hold alone, so that the same release has the same one.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifest, packagesIn } from "../artefacts/bundle.mjs";
import { runtimeFacts } from "../artefacts/runtime.mjs";
import { root } from "../root.mjs";
import { json, sha256 } from "./hashes.mjs";

/**
 * @param {readonly import("../artefacts/bundle.mjs").Part[]} parts what was bundled
 * @param {readonly { node: string }[]} platforms those of the executables
 * @returns {{ name: string, content: Buffer }}
 */
export function sbom(parts, platforms, { repository }) {
  const { packages: locked } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const { name, version, description, license } = manifest;
  const product = component({ type: "application", name, version, license, description, repository });
  const components = [
    ...packagesIn(parts).map((found) => component({ ...found, ...locked[found.path] })),
    ...platforms.map(({ node }) => runtime(runtimeFacts(node))),
  ];
  const refs = components.map((one) => one["bom-ref"]);
  const body = {
    version: 1,
    metadata: { component: product },
    components,
    dependencies: [{ ref: product["bom-ref"], dependsOn: refs }, ...refs.map((ref) => ({ ref }))],
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(body))}`;
  const bom = { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber, ...body };
  return { name: `yciam_${version}_sbom.cdx.json`, content: json(bom) };
}

function component({ type = "library", name, version, license, description, integrity, repository }) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  // An expression has spaces, and stands in brackets in some packages.
  const licence = license.replace(/^\((.*)\)$/, "$1");
  const links = [
    ...distribution(name, version, integrity),
    ...(repository ? [{ type: "vcs", url: repository }] : []),
  ];
  return {
    type,
    "bom-ref": purl,
    name,
    version,
    ...(description && { description }),
    licenses: [licence.includes(" ") ? { expression: licence } : { license: { id: licence } }],
    purl,
    ...(links.length > 0 && { externalReferences: links }),
  };
}

/** Where npm downloads a package, with what package-lock.json says of that archive. */
function distribution(name, version, integrity) {
  if (integrity === undefined) return [];
  const [, bits, base64] = /^sha(\d+)-(.*)$/.exec(integrity);
  const content = Buffer.from(base64, "base64").toString("hex");
  const url = `https://registry.npmjs.org/${name}/-/${name.replace(/^.*\//, "")}-${version}.tgz`;
  return [{ type: "distribution", url, hashes: [{ alg: `SHA-${bits}`, content }] }];
}

function runtime({ name, version, program, sha256: content }) {
  const file = { type: "file", name: program, hashes: [{ alg: "SHA-256", content }] };
  return {
    ...component({
      type: "platform",
      name,
      version,
      license: "MIT",
      description: "Bun, the runtime of the executable",
    }),
    components: [file],
  };
}

/** A UUID of version 8, whose bits are ours to choose. Source: RFC 9562, 5.8. */
function uuidOf(text) {
  const hex = [...sha256(text).slice(0, 32)];
  [hex[12], hex[16]] = ["8", "8"];
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
