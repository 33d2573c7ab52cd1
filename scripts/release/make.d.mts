/** What is the same for every platform: the packages for Node, Python and Go, and the notes. */
export declare function portableFiles(
  config: Readonly<Record<string, string>>,
  aside: string,
): Promise<readonly { readonly name: string; readonly content: Buffer }[]>;
