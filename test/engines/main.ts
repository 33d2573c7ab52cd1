import { type EngineGroup, ensureEngines } from "./bootstrap";

/** `ts-node test/engines/main.ts pulumi tofu`: makes the named engines available before anything runs. */
async function main(groups: EngineGroup[]): Promise<void> {
  try {
    await ensureEngines(groups);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

void main(process.argv.slice(2) as EngineGroup[]);
