import { type LoadReport, runLoad } from "../load";
import { markdown, show } from "../report/table";

const PLAN = { perSecond: 10_000, seconds: 60 };

/** What the group is called. */
export const LOAD_TITLE = "10,000 calls a second for a minute, with expiry, renewal and outages";

/** A minute of load, and whether every promise was kept. */
export async function measureLoad(): Promise<{ readonly text: string; readonly isKept: boolean }> {
  const report = await runLoad(PLAN);
  const rows = Object.entries(report).map(([figure, value]) => [figure, show(value as number)]);
  return { text: markdown([["figure", "measured"], ...rows]), isKept: isKept(report) };
}

function isKept({ broken, failed, kept, bytesPerCall }: LoadReport): boolean {
  return broken === 0 && failed === 0 && kept >= 0.99 && bytesPerCall <= 10;
}
