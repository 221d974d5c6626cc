// The kinds this page can show. A new kind is a new file and a line here.
import type { Card, Response } from "../contract";
import { isObject } from "../contract";
import { choice } from "./choice";
import { choices } from "./choices";
import { dialogue } from "./dialogue";
import type { Kind } from "./kind";
import { match } from "./match";
import { number } from "./number";
import { order } from "./order";
import { review } from "./review";
import { rewrite } from "./rewrite";
import { selfcheck } from "./selfcheck";

const kinds: Record<string, Kind> = {
  choice,
  choices,
  dialogue,
  match,
  number,
  order,
  review,
  rewrite,
  selfcheck,
};

export const isKnown = (name: string): boolean => Object.prototype.hasOwnProperty.call(kinds, name);

/** The kind of that name; an unknown one is refused by its name. */
export function kindOf(name: string): Kind {
  const kind = isKnown(name) ? kinds[name] : undefined;
  if (!kind) throw new Error(`unknown kind "${name}"; known: ${Object.keys(kinds).join(", ")}`);
  return kind;
}

/** Whether questions of that kind have no answer to send, so that nothing counts them. */
export const isSilent = (name: string): boolean => isKnown(name) && !!kindOf(name).silent;

/** A stored answer with what every kind may have beside its own; null when it is none. */
export function readResponse(card: Card, raw: unknown): Response | null {
  const response = kindOf(card.kind).read(card, raw);
  if (!response || !isObject(raw)) return response;
  if (card.confidence && typeof raw.sure === "boolean") response.sure = raw.sure;
  if (card.hints?.length && typeof raw.hints === "number" && raw.hints > 0) response.hints = raw.hints;
  return response;
}
