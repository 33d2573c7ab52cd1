import { createHandlers } from "./handlers";
import { processContext } from "./main";

export type { Properties } from "./handlers";

/** The resource's handlers. The functions that Pulumi writes into the state find these by name: the names must stay. */
export const { check, create, diff, read, remove, update } = createHandlers(processContext);
