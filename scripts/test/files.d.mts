/** The test files that these words choose, by path from the root; an Error for a word that chooses none. */
export declare function chooseTests(root: string, words: readonly string[]): readonly string[];
