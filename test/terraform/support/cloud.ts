import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../../emulator/index";

/** An IAM of one's own, one service account, and its key on disk. */
export interface Cloud {
  readonly emulator: Emulator;
  readonly key: KeyFile;
  readonly serviceAccountId: string;
  /** The variables by which a plugin finds all that. */
  readonly env: Record<string, string>;
}

/** Starts an emulator and writes a key file into the folder. The caller closes the emulator. */
export async function startCloud(folder: string): Promise<Cloud> {
  const emulator = await startEmulator({ recordBodies: true });
  const { id: serviceAccountId } = emulator.addServiceAccount();
  const key = await emulator.createKey({ serviceAccountId });
  mkdirSync(folder, { recursive: true });
  const keyFile = join(folder, "key.json");
  writeFileSync(keyFile, JSON.stringify(key), { mode: 0o600 });
  const env = {
    YC_SERVICE_ACCOUNT_KEY_FILE: keyFile,
    YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
    // No test may ask a real metadata service.
    YC_METADATA_ADDR: "127.0.0.1:1",
  };
  return { emulator, key, serviceAccountId, env };
}
