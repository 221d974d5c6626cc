// The answers of one view: what is typed, what is on its way, what is on disk.
// No markup here; the view asks for a slot and draws it.
import type { Card, Model, Receipt, Response } from "./contract";
import { isObject, newId, readText, readVerdict, same } from "./contract";
import { kindOf, readResponse } from "./kinds";
import type { Lang, Text } from "./words";
import { words } from "./words";

/** How long the kernel has to say that an answer is on disk, in milliseconds. */
export const PATIENCE = 8000;

/**
 * open: being answered · sending: on its way · late: no reply in time · failed: the kernel said why
 * · kept: the kernel has it on disk. Only `kept` may be shown as saved.
 */
export type Phase = "open" | "sending" | "late" | "failed" | "kept";

export interface Slot {
  readonly card: Card;
  draft: Response;
  phase: Phase;
  /** Something here is the learner's and not on disk yet: nothing may overwrite it. */
  edited: boolean;
  receipt: Receipt | null;
  why: Text | null;
  /** It was to be sent before it was complete: a calm line says what is missing. */
  hint: Text | null;
  attempt: { id: string; response: Response } | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** What an answer may have beside what its kind asks for. */
type Beside = Pick<Response, "sure" | "hints">;

/** What the answer still lacks, in a calm line. */
function missing(card: Card, draft: Response): Text | null {
  const kind = kindOf(card.kind);
  if (!kind.isComplete(card, draft)) return kind.hint;
  return card.confidence && draft.sure === undefined ? words.sureFirst : null;
}

/** Whether the answer was not the best one; what its hints cost is not counted against it. */
export function missed(card: Card, { verdict, response }: Receipt): boolean {
  const opened = (card.hints ?? []).slice(0, response.hints ?? 0);
  const left = opened.reduce((rest, hint) => rest - hint.cost, 1);
  return !!verdict && verdict.credit < left - 1e-3;
}

/** The receipt, or null when it is none, or of another item, version or shape. */
export function readReceipt(card: Card, raw: unknown): Receipt | null {
  if (!isObject(raw) || raw.item !== card.item || raw.version !== card.version) return null;
  const response = readResponse(card, raw.response);
  if (!response || typeof raw.at !== "string") return null;
  // A counted answer shows no verdict, whatever was sent.
  const verdict = card.room === "practice" ? readVerdict(raw.verdict) : null;
  const tries = typeof raw.tries === "number" ? raw.tries : 1;
  const first = verdict && typeof raw.first === "number" ? raw.first : null;
  return { item: card.item, version: card.version, response, at: raw.at, verdict, tries, first };
}

export class Answers {
  private slots = new Map<string, Slot>();

  constructor(
    private model: Model,
    private changed: () => void,
  ) {}

  slot(card: Card): Slot {
    const found = this.slots.get(card.item);
    if (found?.card.version === card.version) return found;
    clearTimeout(found?.timer);
    const slot: Slot = {
      card,
      draft: kindOf(card.kind).start(card),
      phase: "open",
      edited: false,
      receipt: null,
      why: null,
      hint: null,
      attempt: null,
      timer: undefined,
    };
    this.slots.set(card.item, slot);
    return slot;
  }

  /** Keeps what the learner has just chosen, typed or moved. */
  edit(slot: Slot, own: Response): void {
    this.put(slot, own, slot.draft);
  }

  /** Keeps how sure the learner is, or that one more hint was opened. */
  beside(slot: Slot, change: Beside): void {
    this.put(slot, slot.draft, { ...slot.draft, ...change });
  }

  private put(slot: Slot, own: Response, { sure, hints }: Beside): void {
    const draft: Response = { ...own };
    delete draft.sure;
    delete draft.hints;
    if (sure !== undefined) draft.sure = sure;
    if (hints) draft.hints = hints;
    slot.draft = draft;
    slot.hint = null;
    // A counted answer that is put back to what is on disk is saved as it stands.
    const back = slot.card.room !== "practice" && same(draft, slot.receipt?.response);
    slot.phase = back ? "kept" : "open";
    slot.edited = !back;
    slot.why = null;
    this.changed();
  }

  /** Starts the question afresh; what is on disk stays there. */
  again(slot: Slot): void {
    const { hints } = slot.draft; // what was read once is known
    slot.draft = kindOf(slot.card.kind).start(slot.card);
    if (hints) slot.draft.hints = hints;
    slot.phase = "open";
    slot.edited = true;
    this.changed();
  }

  /**
   * Sends the answer; the same answer keeps its id until the kernel has said that it is saved.
   * False when there is nothing to send yet.
   */
  submit(slot: Slot, lang: Lang): boolean {
    const { card, draft } = slot;
    if (slot.phase === "sending") return true;
    slot.hint = missing(card, draft);
    if (slot.hint) {
      this.changed();
      return false;
    }
    if (!slot.attempt || !same(slot.attempt.response, draft))
      slot.attempt = { id: newId(), response: draft };
    const { id } = slot.attempt;
    this.wait(slot);
    try {
      const { item, version } = card;
      this.model.send({ do: "answer", id, item, version, response: draft, lang });
    } catch {
      this.lapse(slot); // the line to the kernel is closed: no need to wait for it
    }
    this.changed();
    return true;
  }

  private lapse(slot: Slot): void {
    clearTimeout(slot.timer);
    if (slot.phase !== "sending") return;
    slot.phase = "late";
    this.changed();
  }

  /** A message of the kernel's; one that is not about an answer is left alone. */
  hear(raw: unknown): void {
    if (!isObject(raw)) return;
    const slot = [...this.slots.values()].find((one) => one.attempt?.id === raw.id);
    if (raw.did === "failed" && slot && (slot.phase === "sending" || slot.phase === "late")) {
      clearTimeout(slot.timer);
      slot.phase = "failed";
      slot.why = readText(raw.why);
      this.changed();
    }
    if (raw.did !== "saved" || !isObject(raw.receipt)) return;
    const about = slot ?? this.slots.get(String(raw.receipt.item));
    const receipt = about && readReceipt(about.card, raw.receipt);
    if (about && receipt) this.take(about, receipt, slot !== undefined);
    this.changed();
  }

  /** The receipts as the kernel holds them now; what is none, or of another version, is ignored. */
  restore(raw: unknown, cards: Card[]): void {
    for (const card of cards) {
      const slot = this.slot(card);
      const receipt = isObject(raw) ? readReceipt(card, raw[card.item]) : null;
      if (receipt && receipt.at !== slot.receipt?.at) this.take(slot, receipt, false);
    }
    this.changed();
  }

  /**
   * Answers that this page sent before it was reloaded, and that were not acknowledged yet; one
   * without an id was only picked, and is still to be sent.
   */
  resume(raw: unknown, cards: Card[]): void {
    for (const one of Array.isArray(raw) ? raw : []) {
      const card = cards.find(({ item }) => isObject(one) && item === one.item);
      if (!card || card.version !== one.version) continue;
      const response = readResponse(card, one.response);
      if (!response) continue;
      const slot = this.slot(card);
      if (typeof one.id !== "string") {
        if (slot.phase === "open") this.edit(slot, response);
        continue;
      }
      Object.assign(slot, { attempt: { id: one.id, response }, draft: response });
      this.wait(slot);
    }
    this.changed();
  }

  /** The attempt is on its way. */
  private wait(slot: Slot): void {
    slot.phase = "sending";
    slot.edited = true;
    slot.why = null;
    clearTimeout(slot.timer);
    slot.timer = setTimeout(() => this.lapse(slot), PATIENCE);
  }

  private take(slot: Slot, receipt: Receipt, mine: boolean): void {
    // A receipt is proof that it is on disk, by whichever way it comes.
    const known = slot.receipt?.at === receipt.at;
    slot.receipt = receipt;
    const waiting = slot.phase === "sending" || slot.phase === "late" || slot.phase === "failed";
    const sent = slot.attempt?.response;
    const arrived = waiting && (mine || (!known && same(sent, receipt.response)));
    if (mine || arrived) {
      slot.attempt = null;
      clearTimeout(slot.timer);
    }
    if (arrived || !slot.edited) {
      slot.draft = receipt.response;
      slot.phase = "kept";
      slot.edited = false;
      slot.why = null;
    }
  }

  close(): void {
    for (const slot of this.slots.values()) clearTimeout(slot.timer);
    this.slots.clear();
  }
}
