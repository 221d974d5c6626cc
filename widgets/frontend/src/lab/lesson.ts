// One open notebook: its own lines run as it opens and after a restart, and their code is hidden.
// Nothing else is run, nothing is saved or signed, and the page does not move.
import type { Kernel, Panel, Shared } from "./jupyterlab";
import { KERNEL, isLine, isOwn, widgetsOf } from "./lines";
import type { Open } from "./plugin";

const HIDDEN = "kefu-line";
const WAITING = "kefu-waiting";
const PATIENCE = 3000;

export class Lesson {
  private turn: Promise<void> = Promise.resolve();
  private restarting = false;
  /** What the notebook said when it was last known to be as it is on disk. */
  private saved: string | null = null;
  /** Whether the kernel is kefu's own; null until there is one. */
  private own: boolean | null = null;

  constructor(
    readonly panel: Panel,
    private open: Open,
    private cells: Shared["@jupyterlab/cells"],
  ) {}

  start(): void {
    const { sessionContext, content } = this.panel;
    sessionContext.kernelChanged.connect(() => void this.go());
    sessionContext.statusChanged.connect((_, status) => {
      if (status.endsWith("restarting")) this.restarting = true;
      else if (status === "idle" && this.restarting) {
        this.restarting = false;
        void this.go();
      }
    });
    content.model?.contentChanged.connect(() => this.mark());
    this.mark();
    for (const cell of this.panel.content.widgets)
      cell.toggleClass(WAITING, cell.node.classList.contains(HIDDEN));
    this.remember();
    void this.go();
  }

  /** Runs what is not alive, once what runs already is done. Never fails. */
  go(): Promise<void> {
    this.turn = this.turn
      .then(() => this.run())
      .catch((error) => console.warn("kefu-lab", error));
    return this.turn;
  }

  /** Hides the code of kefu's own lines, and of no others. */
  mark(): void {
    if (this.panel.isDisposed) return;
    const hide = this.open.autorun && (this.own ?? this.asksForOwn());
    for (const cell of this.panel.content.widgets) cell.toggleClass(HIDDEN, hide && isLine(cell));
  }

  /** Whether this notebook holds a line of kefu's, and asks for its kernel. */
  get isOurs(): boolean {
    return this.asksForOwn() && this.panel.content.widgets.some(isLine);
  }

  private asksForOwn(): boolean {
    const spec = this.panel.content.model?.getMetadata("kernelspec");
    return (spec as { name?: unknown } | null | undefined)?.name === KERNEL;
  }

  private async kernel(): Promise<Kernel | null> {
    await this.panel.sessionContext.ready;
    await this.open.specs.ready;
    const kernel = this.panel.sessionContext.session?.kernel ?? null;
    this.own =
      kernel?.name === KERNEL && isOwn(this.open.specs.specs?.kernelspecs[KERNEL]);
    this.mark();
    return this.own ? kernel : null;
  }

  /** For whoever looks on: what became of opening this notebook. */
  private settle(how: "off" | "left alone" | "ready"): void {
    this.panel.node.dataset.kefu = how;
    for (const cell of this.panel.content.widgets) cell.toggleClass(WAITING, false);
  }

  private async run(): Promise<void> {
    if (this.panel.isDisposed) return;
    if (!this.open.autorun) return this.settle("off");
    const kernel = await this.kernel();
    if (this.panel.isDisposed) return;
    if (!kernel) return this.settle("left alone");
    delete this.panel.node.dataset.kefu;
    await kernel.info;
    const lines = this.panel.content.widgets.filter(isLine);
    const alive = lines.some((cell) => widgetsOf(cell).length) ? await widgetsAlive(kernel) : {};
    this.remember();
    try {
      for (const cell of lines) {
        const shown = widgetsOf(cell);
        // What JupyterLab does not trust it does not show, be it alive or not.
        const there = cell.model.trusted && shown.length && shown.every((id) => id in alive);
        if (there) cell.toggleClass(WAITING, false);
        if (there || cell.isDisposed || !isLine(cell)) continue;
        // Another kernel was chosen meanwhile: it is looked at afresh.
        if (this.panel.sessionContext.session?.kernel !== kernel) return;
        const release = hold(cell.node);
        await this.cells.CodeCell.execute(cell, this.panel.sessionContext).finally(release);
        cell.toggleClass(WAITING, false);
      }
      this.settle("ready");
    } catch {
      // The kernel went away meanwhile; when it is back, so is this.
    } finally {
      // What was shown is no change of the learner's: closing the notebook asks nothing.
      const model = this.panel.content.model;
      if (model && this.saved === this.said()) model.dirty = false;
    }
  }

  private remember(): void {
    if (!this.panel.content.model?.dirty) this.saved = this.said();
  }

  private said(): string {
    const cells = this.panel.content.widgets;
    return JSON.stringify(cells.map((c) => [c.model.type, c.model.sharedModel.getSource()]));
  }
}

/**
 * Keeps a cell as tall as it is while what it shows is replaced, so that the page stays put.
 * Gives what ends that: once something is drawn again, or when it seems that nothing will be.
 */
function hold(node: HTMLElement): () => void {
  const height = node.offsetHeight;
  if (!node.querySelector(".jp-OutputArea-child")) return () => {};
  node.style.minHeight = `${height}px`;
  return () => {
    const until = Date.now() + PATIENCE;
    const look = () => {
      const drawn = node.querySelector<HTMLElement>(".jp-OutputArea-output > * > *");
      if (drawn?.offsetHeight || Date.now() > until) node.style.minHeight = "";
      else setTimeout(look, 50);
    };
    look();
  };
}

/** The widgets that the kernel holds. */
async function widgetsAlive(kernel: Kernel): Promise<Record<string, unknown>> {
  const reply = await kernel.requestCommInfo({ target_name: "jupyter.widget" });
  return reply.content.comms ?? {};
}
