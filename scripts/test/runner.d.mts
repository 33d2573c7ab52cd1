/** How a test file went. */
export interface Report {
  readonly file: string;
  /** Milliseconds. */
  readonly ms: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Every test, as mocha prints it. */
  readonly tree: string;
  /** Every failure, whole. */
  readonly failures: string;
}
/** Runs test files side by side, in processes that each run many, and answers how each went. */
export declare function runTests(plan: {
  readonly jobs: readonly { readonly file: string; readonly weight: number; readonly program?: string }[];
  readonly capacity: number;
  readonly options: object;
  readonly onReport?: (report: Report) => void;
  readonly graceMs?: number;
}): Promise<readonly Report[]>;
