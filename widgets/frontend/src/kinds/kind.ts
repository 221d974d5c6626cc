// What every kind of question can do. One kind, one file; all of them pure but for their View.
import type { ComponentType } from "preact";
import type { Card, Json, Response, Verdict } from "../contract";
import type { Lang, Text } from "../words";

export interface ViewProps {
  card: Card;
  lang: Lang;
  value: Response;
  /** Nothing may be changed now: on its way, or its verdict is open. */
  locked: boolean;
  /** Null until there is one to show; always null for what counts. */
  verdict: Verdict | null;
  /** A prefix for ids that is unique in the whole page. */
  uid: string;
  change(value: Response): void;
  /** Says a line to whoever listens rather than looks. */
  announce(line: string): void;
  /** Asks the kernel for something that is no answer; rejects when it says no, or nothing. */
  call(message: Json): Promise<Json>;
}

/** Puts a list of things into the order drawn for this learner. */
export type Mix = <T extends { id: string }>(list: T[]) => T[];

export interface Kind {
  /** The answer before anyone has touched it. */
  start(card: Card): Response;
  /** A stored answer, or null when it is none of this card's. */
  read(card: Card, raw: unknown): Response | null;
  /** Whether the answer may be sent. */
  isComplete(card: Card, value: Response): boolean;
  /** What to say when it may not. */
  hint: Text;
  /** The card with what may stand in any order put into this learner's own. */
  mixed?(card: Card, mix: Mix): Card;
  /** It has no answer to send: the View is all there is of it. */
  silent?: true;
  /** The answer in one line. */
  describe(card: Card, value: Response, lang: Lang): string;
  View: ComponentType<ViewProps>;
}
