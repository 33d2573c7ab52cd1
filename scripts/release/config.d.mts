/** The values of release.config.json; throws for any that is wrong, missing or unknown. */
export declare function readConfig(root: string): Readonly<Record<string, string>>;
