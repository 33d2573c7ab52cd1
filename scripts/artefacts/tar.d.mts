/** The files of a folder as a gzipped tar archive that is the same, byte for byte, wherever it is made. */
export declare function archive(folder: string, executable: readonly string[]): Buffer;
