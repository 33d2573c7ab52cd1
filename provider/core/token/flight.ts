import { ServiceError } from "../words/errors";
import { type Call, startCall, within } from "./call";

/** Work ends this much before the one who waits for it, so that its own error, which says more, is seen. Milliseconds. */
const SOONER_MS = 50;
/** With less time than this left, nobody begins anew. Milliseconds. */
const WORTHWHILE_MS = 500;

interface Running<T> {
  /** What the caller who began it allowed: its time and its retries. */
  readonly terms: Call;
  readonly controller: AbortController;
  result?: Promise<T>;
  waiting: number;
}

/**
 * One piece of work at a time, shared by all who ask while it runs. It is aborted when the last of them has left;
 * an outcome, good or bad, is kept for nobody who comes later.
 */
export class Flight<T> {
  private running: Running<T> | undefined;

  /** Joins the work under way, or begins it. Rejects with this caller's own abort reason or time limit. */
  async join(call: Call, begin: (shared: Call) => Promise<T>): Promise<T> {
    const joined = this.running;
    const running = (this.running = joined ?? newRunning<T>(call));
    running.waiting += 1;
    try {
      if (running.result === undefined) {
        running.result = begin(running.terms);
        const land = () => this.#land(running);
        running.result.then(land, land);
      }
      return await within(call, running.result);
    } catch (error) {
      // It failed on the terms of the caller who began it: one who allows more does it again.
      if (joined === undefined || !allowsMore(call, joined.terms, error)) throw error;
    } finally {
      running.waiting -= 1;
      if (running.waiting === 0) {
        this.#land(running);
        running.controller.abort(NOBODY);
      }
    }
    return this.join(call, begin);
  }

  #land(running: Running<T>): void {
    if (this.running === running) this.running = undefined;
  }
}

const NOBODY = new DOMException("Nobody waits for this any more", "AbortError");

function newRunning<T>(call: Call): Running<T> {
  const controller = new AbortController();
  const left = call.remaining();
  const terms = startCall(controller.signal, left - Math.min(SOONER_MS, left / 2), call.retries);
  return { terms, controller, waiting: 0 };
}

function allowsMore(call: Call, terms: Call, error: unknown): boolean {
  if (!(error instanceof ServiceError) || call.signal.aborted || call.remaining() < WORTHWHILE_MS)
    return false;
  return call.retries > terms.retries || terms.remaining() <= 0;
}
