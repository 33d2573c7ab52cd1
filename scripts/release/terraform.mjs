// What the registries of Terraform and OpenTofu take, and a network mirror of it that any bucket can serve.
import { manifest } from "../artefacts/bundle.mjs";
import { json, sha256, sums } from "./hashes.mjs";

const { version } = manifest;
const PREFIX = `terraform-provider-yciam_${version}`;
const PROTOCOLS = { version: 1, metadata: { protocol_versions: ["6.0"] } };

/** The hosts that an address without a host means: Terraform's and OpenTofu's. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/**
 * The files beside the zips: the manifest, the checksums, and their signature where there is a key.
 * @param {readonly {name: string, content: Buffer}[]} zips
 * @param {((content: Buffer) => Promise<Buffer>) | undefined} sign makes a detached signature of OpenPGP, in binary
 */
export async function registryFiles(zips, sign) {
  const protocols = { name: `${PREFIX}_manifest.json`, content: json(PROTOCOLS) };
  const checksums = { name: `${PREFIX}_SHA256SUMS`, content: sums([...zips, protocols]) };
  if (sign === undefined) return [protocols, checksums];
  return [protocols, checksums, { name: `${checksums.name}.sig`, content: await sign(checksums.content) }];
}

/**
 * The network mirror, by path: texts, and links to the zips. The protocol is `index.json`, and a file for each version.
 * @param {readonly {name: string, platform: string, hash: string, content: Buffer}[]} zips
 * @param {string} namespace that of the provider's address
 * @returns {{ texts: {name: string, content: Buffer}[], links: {name: string, to: string}[] }}
 */
export function mirrorFiles(zips, namespace) {
  const archives = Object.fromEntries(
    zips.map(({ name, platform, hash, content }) => [
      platform,
      { url: name, hashes: [hash, `zh:${sha256(content)}`] },
    ]),
  );
  const folders = REGISTRIES.map((registry) => `mirror/${registry}/${namespace}/yciam`);
  return {
    texts: folders.flatMap((folder) => [
      { name: `${folder}/index.json`, content: json({ versions: { [version]: {} } }) },
      { name: `${folder}/${version}.json`, content: json({ archives }) },
    ]),
    links: folders.flatMap((folder) => zips.map(({ name }) => ({ name: `${folder}/${name}`, to: name }))),
  };
}
