/**
 * Loads an ES module or a CommonJS one. In a file of its own, since the programs of the npm package leave it to what
 * starts them: code that V8 took from its own compiled form cannot do it on Node 20.
 * @param address a file's URL
 */
export const importModule = (address: string): Promise<unknown> => import(address);
