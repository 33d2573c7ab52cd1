/** One file that was made. */
export interface Part {
  /** Its path from the repository's root. */
  readonly file: string;
  readonly bytes: number;
  /** The files that went in, by path from the repository's root. */
  readonly inputs: readonly string[];
  /** What it loads at run time. */
  readonly asked: readonly string[];
}
/** Bundles a program of provider/bin for Node: one file, and others for what it loads when it must. */
export declare function bundleForNode(
  program: string,
  outfile: string,
  library?: string,
): Promise<readonly Part[]>;
/** Bundles a program for the npm package: what npm links to, which starts the bundle of the program itself. */
export declare function bundleStarted(
  program: string,
  outfile: string,
  library: string,
): Promise<readonly Part[]>;
/** The entry points of the package. */
export declare const ENTRIES: Readonly<Record<string, object>>;
/** Bundles an entry point of the package in the same way. */
export declare function bundleEntry(name: string, outfile: string, library: string): Promise<readonly Part[]>;
/** The licences of every package in these parts: they ask to be handed on with the code. */
export declare function notices(parts: readonly Part[]): string;
/** Bundles a program of provider/bin and all that it ever loads into one file. */
export declare function bundleAll(
  program: string,
  outfile: string,
  options?: { readonly define?: Readonly<Record<string, string>> },
): Promise<Part>;
