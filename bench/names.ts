// The names of the ways that aims speak of; here, so that whoever reads the aims loads no program.

/** This Node. */
export const OWN_NODE = `Node ${process.versions.node.split(".")[0]}`;
/** The newest one with long support. */
export const NEWER_NODE = "Node 24";

/** Our one executable. */
export const EXECUTABLE = "yciam, executable";
/** The npm package on a Node. */
export const npmName = (runtime: string): string => `yciam, npm form, ${runtime}`;
/** Any of them, with the disk cache. */
export const withDisk = (name: string): string => `${name}, disk cache`;

/** A provider as users have it: `init` installed it, and Terraform takes the digest of its program at each command. */
export const installed = (name: string): string => `${name}, installed`;

/** The least that Go can do. */
export const GO = "Go net/http";
/** The least that a Node can do. */
export const bareName = (runtime: string): string => `bare node:https, ${runtime}`;
/** What does nothing. */
export const emptyName = (runtime: string): string => `an empty program, ${runtime}`;

/** A token source of ours. */
export const SOURCE = "yciam, getToken() of a source";
/** The SDK's function, which takes its options anew at each call. */
export const FUNCTION = "yciam, getIamToken() of the SDK";
/** The official Node SDK. */
export const NODE_SDK = "the Node SDK";
/** What a burst is compared with. */
export const ONE_PROMISE = "jose + got, one promise";
/** A burst of ours. */
export const burstOf = (call: string, cache: string): string => `${call}, cache ${cache}`;

/** The plugins in Go that ours are compared with. */
export const GO_PLUGIN = "a Go plugin of the same shape";
/** The same run without a provider. */
export const ALONE = "the CLI alone";

/** The same run of Pulumi with nothing of ours in it. */
export const WITHOUT = "the same without yciam";
/** A program of Pulumi that calls the SDK. */
export const WITH_SDK = "with getIamTokenOutput() of the SDK";
