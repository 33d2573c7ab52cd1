import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "../child.mjs";
import { ownPlatform } from "../platforms.mjs";
import { root } from "../root.mjs";
import { bundleAll, bundleModules, notices, PROGRAMS } from "./bundle.mjs";
import { putInPlace } from "./files.mjs";
import { copyUnhearing, runtimeFor } from "./runtime.mjs";

/**
 * Arguments of the runtime. The authorities of the system are trusted, as by other native programs: a company puts its own
 * there. On Linux they are anyway, and to say so would cost 2 ms.
 */
const argvFor = ({ os }) => ["--unhandled-rejections=throw", ...(os === "linux" ? [] : ["--use-system-ca"])];

/**
 * Settings of the runtime. A credential tool takes no settings from the folder that it is started in; only a user's own
 * resolver may come from a package there, and package.json says what of it is loaded. Most runs take milliseconds: code
 * is compiled to the machine's own when it has run for long, since that took a third of the time.
 */
const settingsFor = (platform) => [
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--compile-autoload-package-json",
  "--compile-jit-policy=100",
  `--compile-exec-argv=${argvFor(platform).join(" ")}`,
];

/** How the runtime compiles bundles. */
const HOW = ["--bytecode", "--format=cjs", "--minify"];

// These would be the paths of this build.
const define = { __filename: '"/yciam.js"', __dirname: '"/"' };

/** Bundles the programs into a folder, for {@link compile}; answers what was bundled. */
export async function bundlePrograms(folder) {
  const parts = await Promise.all(
    PROGRAMS.map((name) => bundleAll(name, join(folder, `${name}.js`), { define })),
  );
  await bundleAll("executable", join(folder, "executable.js"), { bundle: false });
  return parts;
}

/**
 * Compiles the bundled programs of a folder into one executable there.
 * @param platform one of {@link import("../platforms.mjs").PLATFORMS}
 * @returns its path
 * @throws Error where a runtime cannot be had, for this machine or for that platform
 */
export async function compile(folder, platform) {
  const compiler = await runtimeFor(ownPlatform.node);
  copyUnhearing(await runtimeFor(platform.node), join(folder, "runtime"));
  // Files are named by paths from the folder they are in, so that it is the same wherever it is built.
  const files = ["executable", ...PROGRAMS].map((name) => `${name}.js`);
  const target = `--target=bun-${platform.os}-${platform.arch === "amd64" ? "x64" : "arm64"}`;
  const how = ["--compile", target, "--compile-executable-path=runtime", ...HOW];
  const out = `compiled${platform.suffix}`;
  await runQuietly(compiler, ["build", ...how, ...settingsFor(platform), ...files, "--outfile", out], {
    cwd: folder,
  });
  return join(folder, out);
}

/**
 * Compiles the modules of `provider` for the runtime, as they are compiled in the executable: tests load them one by one.
 * @returns the file in the folder that they are in, and the runtime's arguments in the executable
 */
export async function compileModules(folder) {
  const files = readdirSync(join(root, "provider"), { recursive: true });
  const paths = files.map((file) => `provider/${file.replaceAll("\\", "/")}`);
  const modules = paths.filter((path) => /(?<!\.d)\.ts$/.test(path) && !path.startsWith("provider/bin/"));
  const [bundle, pulumi] = ["modules.js", "@pulumi/pulumi"];
  const aside = `${folder}.${process.pid}`;
  try {
    await bundleModules(modules, join(aside, bundle), { define, external: [pulumi] });
    const how = ["--target=bun", ...HOW, "--external", pulumi, "--outdir", "compiled"];
    await runQuietly(await runtimeFor(ownPlatform.node), ["build", bundle, ...how], { cwd: aside });
    putInPlace(join(aside, "compiled"), folder);
    return { file: join(folder, bundle), argv: argvFor(ownPlatform) };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The licences of what is in an executable: the bundled packages, and the runtime. */
export function licencesOf(parts) {
  const runtime = readFileSync(new URL("runtime-notice.txt", import.meta.url), "utf8");
  return [notices(parts), runtime].join(`\n${"-".repeat(80)}\n\n`);
}
