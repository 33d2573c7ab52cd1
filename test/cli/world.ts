import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { Cli } from "./run";

/** What a test of the command has: an emulator, a key that it knows, and the command pointed to it. */
export interface World {
  readonly emulator: Emulator;
  readonly key: KeyFile;
  readonly keyFile: string;
  readonly cli: Cli;
  /** The first token that was issued. */
  readonly issued: () => string;
}

/** A new world for every test of the suite around it. */
export function eachInOwnWorld(): World {
  const world = {} as { -readonly [K in keyof World]: World[K] };
  beforeEach(async () => {
    world.emulator = await startEmulator({ recordBodies: true });
    world.key = await world.emulator.createKey();
    world.cli = new Cli({
      YCIAM_IAM_ENDPOINT: world.emulator.iamEndpoint,
      YCIAM_AUTH_ENDPOINT: world.emulator.authEndpoint,
    });
    world.keyFile = world.cli.write("key.json", JSON.stringify(world.key));
    world.issued = () => world.emulator.issuedTokens[0]?.token ?? "none";
  });
  afterEach(async () => {
    world.cli.cleanup();
    await world.emulator.close();
  });
  return world;
}
