/** The test files that these words choose, by path from the root; an Error for a word that chooses none. */
export declare function chooseTests(root: string, words: readonly string[]): readonly string[];
/** Whether a test starts the programs for Node too. */
export declare function startsBoth(file: string): boolean;
/** Whether a test runs on the modules as they are compiled in the executable, too. */
export declare function runsCompiled(file: string): boolean;
