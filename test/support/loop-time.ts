import { setTimeout as delay } from "node:timers/promises";

const STEP_MS = 10;

/**
 * Waits for so many milliseconds of a running event loop, in steps: a machine that stops the whole process for a while
 * costs one step only. So work can be held to a short time without a test that fails when the machine is busy.
 */
async function loopTime(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) await delay(STEP_MS);
}

/** Whether work ends, well or badly, within so many milliseconds of a running event loop. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, loopTime(ms).then(() => false)]);
}
