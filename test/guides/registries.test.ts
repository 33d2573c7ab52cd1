import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { which } from "../engines/on-path";
import { findCanaries } from "../support/canary";
import { engineFolders } from "../support/engine-env";
import { followGuide } from "../support/guides";
import { type ImageRegistry, startImageRegistry } from "../support/image-registry";
import {
  goModule,
  npmPackage,
  type PackageRegistry,
  pythonPackage,
  startPackageRegistry,
} from "../support/package-registry";
import { readTree } from "../support/pulumi-files";
import { ok, runCommand } from "../support/run-command";
import { GuideWorld } from "./world";

const GO_MODULE = "registry.yandexcloud.net/go/r1/mymodule";

const NPM_PACKAGE: [string, string] = ["mypackage", "1.0.0"];

const foldersOf = (names: readonly string[]) =>
  names.flatMap((name) => {
    const found = which(name, process.env as Record<string, string>);
    return found === undefined ? [] : [dirname(found)];
  });

describe("the guide to registries", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let images: ImageRegistry;
  let packages: PackageRegistry;
  let env: Record<string, string>;

  before(async function () {
    const folders = await engineFolders("registry");
    const python = await engineFolders("python");
    if (folders === undefined || python === undefined || foldersOf(["go"]).length === 0) return this.skip();
    world = await GuideWorld.create([...folders, ...python, ...foldersOf(["go", "skopeo"])]);
    images = await startImageRegistry(world.emulator, join(folders[0] as string, "registry"), world.home);
    packages = await startPackageRegistry(world.emulator, await goModule("/go/r1", GO_MODULE, "v1.0.0"));
    env = {
      ...world.reader.env,
      YC_SERVICE_ACCOUNT_KEY_FILE: world.write("key.json", JSON.stringify(await world.emulator.createKey())),
      YCIAM_REGISTRIES: `${images.host},${packages.host}`,
      SSL_CERT_FILE: world.write("authority.pem", packages.certificate),
      npm_config_cafile: join(world.home, "authority.pem"),
      PIP_CERT: join(world.home, "authority.pem"),
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      PIP_TARGET: join(world.home, "site"),
      GOFLAGS: "-modcacherw",
      GOTELEMETRY: "off",
    };
    const plain = `[[registry]]\nlocation = "${images.host}"\ninsecure = true\n`;
    world.write(".config/containers/registries.conf", plain);
    world.write(".config/containers/policy.json", '{"default":[{"type":"insecureAcceptAnything"}]}');
    // It is skopeo's own library.
    if (which("skopeo", env) === undefined)
      world.program("skopeo", 'imagecopy "${2#docker://}" "${3#docker://}" # copy FROM TO');
    world.write("layer.tar", "\0".repeat(1024));
    const mine = world.write(
      "mine/package.json",
      JSON.stringify({ name: NPM_PACKAGE[0], version: NPM_PACKAGE[1] }),
    );
    ok(await runCommand(["npm", "pack", dirname(mine)], { cwd: world.home, env }));
    const packed = readFileSync(join(world.home, `${NPM_PACKAGE.join("-")}.tgz`));
    packages.add(npmPackage(packages.host, "/npm/r1", NPM_PACKAGE, packed));
    packages.add(await pythonPackage("/pypi/r1/simple", "mypackage", "1.0.0"));
    const image = ["crane", "append", "--new_layer=layer.tar", "--new_tag=app:1", "--output=app.tar"];
    ok(await runCommand(image, { cwd: world.home, env }));
  });
  after(async () => {
    await packages?.close();
    await images?.close();
    await world?.close();
  });

  it("is true from its first line to its last, and no token is left anywhere", async () => {
    const instead = {
      "cr.yandex": images.host,
      "//registry.yandexcloud.net/": `//${packages.host}/`,
      "@registry.yandexcloud.net/": `@${packages.host}/`,
      REGISTRY_ID: "r1",
    };
    const results = await followGuide("registries", { cwd: world.home, env, instead });
    expect(results[0]?.stdout).to.match(/sha256:[0-9a-f]{64}\n$/);
    expect(results.at(-1)?.stderr).to.include("the token is revoked");
    const got = [
      "node_modules/mypackage/package.json",
      "site/mypackage.py",
      `go/pkg/mod/${GO_MODULE}@v1.0.0/go.mod`,
    ];
    expect(got.filter((path) => !existsSync(join(world.home, path)))).to.deep.equal([]);
    expect([...packages.statuses.keys()]).to.deep.equal([200]);
    expect(world.emulator.counts.exchanges).to.equal(1);
    const tokens = world.emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token }));
    const files = [...readTree(world.home)].map(([where, text]) => ({ where, text }));
    const printed = results.map(({ stdout, stderr }) => ({ where: "output", text: stdout + stderr }));
    expect(findCanaries(tokens, [...files, ...printed])).to.deep.equal([]);
  });
});
