import { createHandlers } from "./handlers";
import { processContext } from "./main";

export type { Properties } from "./properties";

// The functions that Pulumi writes into the state find these by name, so the names must stay.
export const { check, create, diff, remove, update } = createHandlers(processContext);
