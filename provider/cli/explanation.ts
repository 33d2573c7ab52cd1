import type { Explanation } from "../app";
import type { Attempt } from "../core/chain/explain";
import { oneLine } from "../core/words/secret";

const WORDS: Readonly<Record<Attempt["outcome"], string>> = {
  // It may still fail: the metadata service can have its tokens disabled, and IAM can refuse.
  used: "would be asked",
  unavailable: "not set up",
  failed: "FAILED",
  notTried: "not tried",
};

/** A table for people: a row for each resolver, and what to do below those that give no token. */
export function formatTable({ resolvers, chosen, verified }: Explanation): string {
  const rows = resolvers.map((row) => [
    row.resolver,
    wordOf(row, verified),
    `${row.durationMs} ms`,
    oneLine(row.reason ?? ""),
  ]);
  const table = [["RESOLVER", "OUTCOME", "TIME", "REASON"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] as string).length)));
  const lines = table.flatMap((row, index) => {
    const cells = row.slice(0, 3).map((cell, column) => cell.padEnd(widths[column] as number));
    const remedy = resolvers[index - 1]?.remedy;
    const indent = " ".repeat(widths.reduce((sum, width) => sum + width + 2, 0));
    return [
      [...cells, row[3]].join("  ").trimEnd(),
      ...(remedy === undefined ? [] : [`${indent}-> ${oneLine(remedy)}`]),
    ];
  });
  return `${lines.join("\n")}\n\n${verdict(chosen, verified)}\n`;
}

function wordOf({ outcome }: Attempt, verified: boolean): string {
  return outcome === "used" && verified ? "answered" : WORDS[outcome];
}

function verdict(chosen: string | undefined, verified: boolean): string {
  if (chosen === undefined) return "No resolver gives a token here.";
  return verified
    ? `${chosen} gave a token.`
    : `${chosen} would be asked. No token was asked for; --verify does that.`;
}
