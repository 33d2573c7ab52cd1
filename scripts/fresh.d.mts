/** Whether node_modules holds what package-lock.json asks for, going by the record npm keeps of what it installed. */
export declare function packagesAreInstalled(root: string): boolean;
/** SHA-256 over the names and bytes of everything `npm run build` reads. */
export declare function sourcesDigest(root: string): string;
/** Whether dist was built from these very sources. */
export declare function buildIsFresh(root: string): boolean;
/** Notes that dist was built from sources with this digest, taken before the build. */
export declare function recordBuild(root: string, digest: string): void;
