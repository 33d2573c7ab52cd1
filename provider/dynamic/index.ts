export { check, create, diff, remove, RESOURCE_MIN_REMAINING, update } from "./handlers";
export { processContext } from "./main";
export type { Properties } from "./properties";
