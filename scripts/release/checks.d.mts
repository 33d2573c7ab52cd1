/** Where version, changelog and documents do not agree in a clone: a sentence for each place. */
export declare function disagreements(root: string): readonly string[];
/** What `npm run generate` would write otherwise: a sentence for each file. */
export declare function staleFiles(root: string): readonly string[];
/** What keeps a release from being published: a sentence for each. */
export declare function obstacles(known: {
  readonly config: Readonly<Record<string, string>>;
  readonly changelog: string;
  readonly version: string;
  readonly tag?: string;
  readonly commit: { readonly hash?: string; readonly isClean: boolean };
  readonly isSigned: boolean;
}): readonly string[];
