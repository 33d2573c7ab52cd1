/** The moment the whole set-up began, milliseconds since the epoch. */
export declare const startedAt: number;
/** Writes one line of progress on stderr: seconds since the set-up began, the step, what is to be told about it. */
export declare function report(step: string, text: string): void;
/** Runs `work` between a line that announces it and a line that says how long it took. */
export declare function during<T>(step: string, text: string, work: () => Promise<T>): Promise<T>;
