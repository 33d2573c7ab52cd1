/**
 * Several copies of this package can meet in one process: a user's resolver module imports the one beside it, which
 * need not be the host's. Classes whose objects cross that border bear a mark that every copy knows.
 */
export function hasMark(value: unknown, mark: symbol): value is object {
  return typeof value === "object" && value !== null && mark in value;
}
