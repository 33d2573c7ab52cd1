import { report } from "../../scripts/progress.mjs";
import { type LoadReport, runLoad } from "../load";
import { markdown, show } from "../report/table";

const PLAN = { perSecond: 10_000, seconds: 60 };

/** Prints what a minute of load came to, and answers whether every promise was kept. */
export async function printLoad(): Promise<boolean> {
  const title = "10,000 calls a second for a minute, with expiry, renewal and outages";
  report("bench", title);
  const result = await runLoad(PLAN);
  const rows = Object.entries(result).map(([figure, value]) => [figure, show(value as number)]);
  console.log(`\n${title}\n\n${markdown([["figure", "measured"], ...rows])}\n`);
  return isKept(result);
}

function isKept({ broken, failed, kept, bytesPerCall }: LoadReport): boolean {
  return broken === 0 && failed === 0 && kept >= 0.99 && bytesPerCall <= 10;
}
