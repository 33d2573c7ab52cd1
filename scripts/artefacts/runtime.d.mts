/** What is known of the runtime for a platform. */
export declare function runtimeFacts(platform: string): { readonly version: string };
/** The name of the folder that a runtime is kept in, which is in `runtimes` of the cache folder. */
export declare function runtimeFolder(platform: string): string;
