// From what the files of a release were made, and how: a statement of in-toto with SLSA's predicate. Nothing of the machine
// is in it, so that it is the same for one commit. Sources: in-toto Statement v1; slsa.dev/spec/v1.0/provenance.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifest } from "../artefacts/bundle.mjs";
import { runtimeFacts } from "../artefacts/runtime.mjs";
import { root } from "../root.mjs";
import { json, sha256 } from "./hashes.mjs";

const { version } = manifest;

/**
 * @param {readonly { name: string, sha256: string }[]} files all of the release
 * @param {readonly { name: string, node: string }[]} platforms those of the executables
 * @param {{ hash: string | undefined, isClean: boolean }} commit
 */
export function provenance(files, platforms, { repository }, commit) {
  const source = { uri: `git+${repository}@refs/tags/v${version}` };
  // A statement about a commit would be wrong where something was changed after it.
  if (commit.isClean) source.digest = { gitCommit: commit.hash };
  const lock = {
    name: "package-lock.json",
    digest: { sha256: sha256(readFileSync(join(root, "package-lock.json"))) },
  };
  const runtimes = platforms.map(({ node }) => {
    const { name, version: of, program, sha256: hash } = runtimeFacts(node);
    return { uri: `pkg:npm/${name.replace("@", "%40")}@${of}`, name: program, digest: { sha256: hash } };
  });
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: files.map(({ name, sha256: digest }) => ({ name, digest: { sha256: digest } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: `${repository}/blob/v${version}/scripts/release.mjs`,
        externalParameters: { version, platforms: platforms.map(({ name }) => name) },
        resolvedDependencies: [source, lock, ...runtimes],
      },
      runDetails: { builder: { id: `${repository}/blob/v${version}/scripts/release.mjs` } },
    },
  };
  return { name: `yciam_${version}_provenance.json`, content: json(statement) };
}
