// What every kind of question can do. One kind, one file; all of them pure but for their View.
import type { ComponentType } from "preact";
import type { Card, Response, Verdict } from "../contract";
import type { Lang, Word } from "../words";

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
}

export interface Kind {
  /** The answer before anyone has touched it. */
  start(card: Card): Response;
  /** A stored answer, or null when it is none of this card's. */
  read(card: Card, raw: unknown): Response | null;
  /** Whether the answer may be sent. */
  isComplete(card: Card, value: Response): boolean;
  /** What to say when it may not. */
  hint: Word;
  /** The answer in one line. */
  describe(card: Card, value: Response, lang: Lang): string;
  View: ComponentType<ViewProps>;
}
