/** The end of a program's name on this platform. */
export declare const suffix: string;
/** The one executable, where it could be built. */
export declare const EXECUTABLE: string;
/** Whether tests run it: it is there, and `YCIAM_TEST_PROGRAMS=node` does not ask for the programs for Node. */
export declare function testsRunExecutable(): boolean;
