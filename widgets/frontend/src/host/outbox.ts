// Answers that were sent and not acknowledged. They are kept in this tab under their visit, so that
// a reload sends them again, under the same ids, which the house takes once.

export interface Letter {
  view: number;
  content: Record<string, unknown>;
}

const SHELF = "kefu-unsent";

export class Outbox {
  private readonly letters = new Map<string, Letter>();

  /** `round` names visit and day: what lies on the shelf of another round is thrown away. */
  constructor(
    private readonly round: string,
    private readonly shelf: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null = tab(),
  ) {
    try {
      const kept = JSON.parse(this.shelf?.getItem(SHELF) ?? "null");
      if (kept?.round === round)
        for (const [id, letter] of Object.entries(kept.letters))
          this.letters.set(id, letter as Letter);
      else this.clear();
    } catch {
      this.clear(); // nothing of ours
    }
  }

  put(id: string, letter: Letter): void {
    this.letters.set(id, letter);
    this.keep();
  }

  has(id: string): boolean {
    return this.letters.has(id);
  }

  done(id: string): void {
    if (this.letters.delete(id)) this.keep();
  }

  all(): Letter[] {
    return [...this.letters.values()];
  }

  clear(): void {
    this.letters.clear();
    this.keep();
  }

  private keep(): void {
    const answers = [...this.letters].filter(([, { content }]) => content.do === "answer");
    try {
      if (answers.length)
        this.shelf?.setItem(
          SHELF,
          JSON.stringify({ round: this.round, letters: Object.fromEntries(answers) }),
        );
      else this.shelf?.removeItem(SHELF);
    } catch {
      // No room, or none allowed: they stay in the page.
    }
  }
}

/** A browser may forbid even to look at it. */
function tab(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
