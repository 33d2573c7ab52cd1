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
/** A process that tests run in, if it is no plain one: settings of `fork`. */
export interface Way {
  /** Is put behind the file's name in reports. */
  readonly title: string;
  readonly execPath?: string;
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
/** Runs test files side by side, in processes that each run many, and answers how each went. */
export declare function runTests(plan: {
  readonly jobs: readonly { readonly file: string; readonly weight: number; readonly way?: Way }[];
  readonly capacity: number;
  readonly options: object;
  readonly onReport?: (report: Report) => void;
  readonly graceMs?: number;
}): Promise<readonly Report[]>;
