// What got and others bring along and yciam never uses. To load it would take a third of the time that a token takes, so the
// programs are bundled without it. Code that comes to use one of these fails at once: it is no constructor, no function.

import { fileURLToPath } from "node:url";

const PACKAGES = {
  // Requests are HTTP/1.1, which IAM and the metadata service answer, and which the agents for proxies are made for.
  "http2-wrapper": "export default {};",
  // No reply is cached: a token has a cache of its own.
  "cacheable-request": "export default undefined; export class CacheError extends Error {}",
  keyv: "export default undefined;",
  "cacheable-lookup": "export default undefined;",
  // No .proto file is read: messages are generated code.
  "@grpc/proto-loader": "export default undefined;",
  // No reply is unpacked: a compressed one could be larger than memory.
  "decompress-response": "export default undefined;",
};

/** @type {import("esbuild").Plugin} */
const withoutChildren = {
  name: "no child process of commander's",
  setup({ onResolve }) {
    // commander loads it for commands that are programs of their own. There is none here.
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules.commander/.test(importer) ? { path: "no-children", namespace: "unused" } : undefined,
    );
  },
};

/** @type {import("esbuild").Plugin} */
const withoutPackages = {
  name: "unused packages",
  setup({ onResolve, onLoad }) {
    const names = new RegExp(`^(${Object.keys(PACKAGES).join("|")})$`);
    onResolve({ filter: names }, ({ path }) => ({ path, namespace: "unused" }));
    onLoad({ filter: /.*/, namespace: "unused" }, ({ path }) => ({ contents: PACKAGES[path] ?? "" }));
  },
};

/** Node's own modules that packages import whole, and what they import of them by name. */
const WHOLE = {
  "node:diagnostics_channel": [],
  "node:http": ["ServerResponse"],
  "node:https": [],
  "node:net": [],
  "node:process": [],
};

/** @type {import("esbuild").Plugin} */
const withoutCopies = {
  name: "no copies of Node's own modules",
  setup({ onResolve, onLoad }) {
    // esbuild copies each property of a module that is imported whole. To look at those of `process` makes its streams.
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) =>
      kind === "import-statement" && path in WHOLE && /node_modules/.test(importer)
        ? { path, namespace: "whole" }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: "whole" }, ({ path }) => ({
      contents: `const whole = require(${JSON.stringify(path)});
export default whole;
export const { ${WHOLE[path].join(", ")} } = whole;`,
    }));
  },
};

/** @type {import("esbuild").BuildOptions} */
export const withoutUnused = {
  plugins: [withoutChildren, withoutPackages, withoutCopies],
  // got makes two of Node's formatters when it is loaded. That takes 20 ms, for errors in options that no user gives.
  define: { "Intl.ListFormat": "PlainListFormat" },
  inject: [fileURLToPath(new URL("plain-list-format.js", import.meta.url))],
};
