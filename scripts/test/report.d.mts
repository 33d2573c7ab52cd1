import type { Report } from "./runner.mjs";
/** What is said at the end of a run; its last line is `N passed, N failed`. */
export declare function summaryOf(reports: readonly Report[], ms: number): string;
