/** What the project keeps between runs: `$XDG_CACHE_HOME/yciam`, or `~/.cache/yciam`. */
export declare function cacheDirOf(env: NodeJS.ProcessEnv): string;
