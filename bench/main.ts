import { measureHeld } from "./held";
import { runLoad } from "./load";

const [perSecond = "10000", seconds = "60"] = process.argv.slice(2);

/** `npm run bench [-- CALLS_PER_SECOND SECONDS]`: prints the figures, and fails when a promise was broken. */
async function main(): Promise<void> {
  console.table(await measureHeld(2000));
  const report = await runLoad({ perSecond: Number(perSecond), seconds: Number(seconds) });
  console.table(report);
  const { broken, failed, kept, bytesPerCall } = report;
  if (broken > 0 || failed > 0 || kept < 0.99 || bytesPerCall > 10) process.exitCode = 1;
}

void main();
