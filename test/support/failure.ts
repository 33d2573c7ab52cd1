import { expect } from "chai";
import type { YciamError } from "../../provider/core/words/errors";

/** What the work ends badly with; fails when it ends well. */
export function failureOf<E = YciamError>(work: Promise<unknown>): Promise<E> {
  return work.then(
    () => expect.fail("it ended well"),
    (error: unknown) => error as E,
  );
}

/** What the work throws; fails when it throws nothing. */
export function thrownBy<E = YciamError>(work: () => unknown): E {
  try {
    work();
  } catch (error) {
    return error as E;
  }
  return expect.fail("it threw nothing");
}
