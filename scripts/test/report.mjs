const SLOWEST = 10;

const seconds = (ms) => `${(ms / 1000).toFixed(1)}s`.padStart(7);

/** One line for a test file that was run. */
export function lineFor({ file, ms, passed, failed, skipped }) {
  const parts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`];
  return `${seconds(ms)}  ${file}: ${parts.filter(Boolean).join(", ")}`;
}

/**
 * What is said at the end of a run: every failure whole, the files that cost most, and in the last line, alone, what
 * programs read: `N passed, N failed`.
 */
export function summaryOf(reports, ms) {
  const sum = (count) => reports.reduce((total, report) => total + report[count], 0);
  const failures = reports.filter(({ failed }) => failed > 0);
  const slowest = [...reports].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  return [
    ...failures.map(({ file, failures: text }) => `\n${file}\n${text}`),
    `\n${reports.length} files in ${seconds(ms).trim()}, ${sum("skipped")} tests skipped. The files that cost most:`,
    ...slowest.map((report) => `${seconds(report.ms)}  ${report.file}`),
    `${sum("passed")} passed, ${sum("failed")} failed`,
  ].join("\n");
}
