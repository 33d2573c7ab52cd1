import type { Part } from "./bundle.mjs";

/** Makes the program of the GitHub action in one file, and the licences of what is in it. */
export declare function makeAction(folder: string): Promise<Part>;
