import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { bareEnvironment } from "../support/engine-env";
import type { Reader } from "../support/guides";
import { wordsOf } from "../support/programs";

/** Where a reader of a guide is: a home of his own, the commands of this package on PATH, and an emulator for the cloud. */
export class GuideWorld {
  /** HOME, and the folder in which it is all done. */
  readonly home = mkdtempSync(join(tmpdir(), "yciam-guide-"));
  readonly #env: Record<string, string>;

  /** @param folders of programs that the guide needs, such as those of an engine */
  private constructor(
    readonly emulator: Emulator,
    folders: readonly string[],
  ) {
    const bin = join(this.home, ".bin");
    this.#env = {
      ...bareEnvironment(this.home, [bin, ...folders]),
      YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
      YCIAM_AUTH_ENDPOINT: emulator.authEndpoint,
      YC_METADATA_ADDR: "127.0.0.1:1",
    };
    for (const name of ["yciam", "docker-credential-yciam"] as const) {
      const words = wordsOf(name).map((word) => `'${word}'`);
      this.program(name, `exec ${words.join(" ")} "$@"`);
    }
  }

  static async create(folders: readonly string[] = [], options: EmulatorOptions = {}): Promise<GuideWorld> {
    return new GuideWorld(await startEmulator(options), folders);
  }

  /** What {@link followGuide} takes. */
  get reader(): Reader {
    return { cwd: this.home, env: this.#env };
  }

  /** Writes a file into the home, and answers its path. */
  write(name: string, text: string): string {
    const path = join(this.home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Puts a shell script on PATH: a program of the cloud's that no test can have, such as `yc`. */
  program(name: string, script: string): void {
    chmodSync(this.write(join(".bin", name), `#!/bin/sh\n${script}\n`), 0o755);
  }

  async close(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true });
    await this.emulator.close();
  }
}
