// The kinds this page can show. A new kind is a new file and a line here.
import { choice } from "./choice";
import { choices } from "./choices";
import type { Kind } from "./kind";
import { number } from "./number";
import { order } from "./order";

const kinds: Record<string, Kind> = { choice, choices, order, number };

export const isKnown = (name: string): boolean => Object.prototype.hasOwnProperty.call(kinds, name);

/** The kind of that name; an unknown one is refused by its name. */
export function kindOf(name: string): Kind {
  const kind = isKnown(name) ? kinds[name] : undefined;
  if (!kind) throw new Error(`unknown kind "${name}"; known: ${Object.keys(kinds).join(", ")}`);
  return kind;
}
