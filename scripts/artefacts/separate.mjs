// Node reads and parses all of a file that it loads. Packages that are loaded when they are needed stay in files of
// their own: a token from the cache needs none of them.

const SEPARATE = "separate";
const OTHERS = /^(node:|yciam\/|@pulumi\/)/;

/** `jose-jwt-sign.js` for `jose/jwt/sign`. */
export const fileOf = (name) => `${name.replace(/^\W+/, "").replaceAll(/\W+/g, "-")}.js`;

/**
 * Leaves packages that our own code loads when it must, by `import()` or `require`, out of a bundle.
 * @param {Set<string>} names is told their names
 * @param {string} library the path from the bundle to the folder of their files
 * @returns {import("esbuild").Plugin}
 */
export function leaveOut(names, library) {
  return {
    name: "packages in files of their own",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[@a-z]/ }, ({ path, kind, importer }) => {
        const isLater =
          kind === "dynamic-import" || (kind === "require-call" && !/node_modules/.test(importer));
        if (!isLater || OTHERS.test(path)) return undefined;
        names.add(path);
        return { path, namespace: SEPARATE };
      });
      // By `require`: to load a file by `import()` Node would start a loader that nothing else needs.
      onLoad({ filter: /.*/, namespace: SEPARATE }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(`${library}/${fileOf(path)}`)});`,
      }));
      onResolve({ filter: /.*/, namespace: SEPARATE }, ({ path }) => ({ path, external: true }));
    },
  };
}
