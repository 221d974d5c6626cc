// The order in which a learner sees what may stand in any order: drawn, but always the same.
import type { Card } from "./contract";
import { isKnown, kindOf } from "./kinds";

/** FNV-1a, 32 bits, then stirred (murmur3's last step), so that like texts get unlike numbers. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The card in the order drawn from the seed; without one, as it came. */
export function mixed(card: Card, seed: string): Card {
  const kind = isKnown(card.kind) ? kindOf(card.kind) : undefined;
  if (!seed || !kind?.mixed) return card;
  const rank = (id: string) => hash(`${seed} ${card.item} ${id}`);
  return kind.mixed(card, (list) => [...list].sort((a, b) => rank(a.id) - rank(b.id)));
}
