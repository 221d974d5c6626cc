// Questions to the kernel that are no answers of a learner's: each has an id, and one reply.
import type { Json, Model } from "./contract";
import { isObject, newId } from "./contract";

/** How long the kernel has to reply, in milliseconds. */
const PATIENCE = 8000;

export class Calls {
  private waiting = new Map<string, { done(reply: Json): void; fail(why: unknown): void }>();

  constructor(private model: Model) {}

  /** Sends `message` under an id of its own; rejects with the reply that says no, or with null. */
  call(message: Json): Promise<Json> {
    const id = newId();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(null)), PATIENCE);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        then();
      };
      this.waiting.set(id, {
        done: (reply) => settle(() => resolve(reply)),
        fail: (why) => settle(() => reject(why)),
      });
      try {
        this.model.send({ ...message, id });
      } catch {
        settle(() => reject(null)); // the line to the kernel is closed
      }
    });
  }

  /** A message of the kernel's; one that replies to no call is left alone. */
  hear(raw: unknown): void {
    const one = isObject(raw) ? this.waiting.get(String(raw.id)) : undefined;
    if (!one || !isObject(raw)) return;
    if (raw.did === "failed") one.fail(raw);
    else one.done(raw);
  }

  close(): void {
    for (const one of [...this.waiting.values()]) one.fail(null);
  }
}
