// The button "hand in" above a graded set: through nbgrader's exchange where the set came from it,
// else it brings the hand-in panel into view.
import type { Exchange } from "./exchange";
import type { Cell, Shared } from "./jupyterlab";
import type { Lesson } from "./lesson";

const PATIENCE = 5000;

/** The set that a notebook says it is; null for a lesson. */
export function setOf(metadata: unknown): string | null {
  const set = (metadata as { set?: unknown } | null | undefined)?.set;
  return typeof set === "string" && /^[a-z0-9-]{1,64}$/.test(set) ? set : null;
}

export class HandIn {
  constructor(
    private exchange: Exchange,
    private ui: Shared["@jupyterlab/ui-components"],
    private dialogs: Shared["@jupyterlab/apputils"],
  ) {}

  /** Adds the button above a notebook, if that is a set's. */
  addTo(lesson: Lesson): void {
    const { content, toolbar } = lesson.panel;
    const set = setOf(content.model?.getMetadata("kefu"));
    if (!set) return;
    let busy = false;
    const press = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      await this.press(lesson, set).catch((error) => console.warn("kefu-lab", error));
      busy = false;
    };
    const button = new this.ui.ToolbarButton({
      className: "kefu-hand-in",
      label: "交卷 · Hand in",
      tooltip: "到交卷的地方 · Go to where you hand in",
      onClick: () => void press(),
    });
    toolbar.insertBefore("spacer", "kefu-hand-in", button);
    // What is packed is the notebook on disk: code that was just written goes with it.
    let packed = false;
    const pack = async (event: Event): Promise<void> => {
      const form = event.target as HTMLFormElement;
      if (packed || !form.matches(".k-handin") || !content.model?.dirty) return;
      event.preventDefault();
      event.stopPropagation();
      await save(lesson);
      // A form that is still being submitted cannot be submitted again.
      await new Promise((done) => setTimeout(done));
      packed = true;
      form.requestSubmit();
      packed = false;
    };
    lesson.panel.node.addEventListener(
      "submit",
      (event) => void pack(event).catch((error) => console.warn("kefu-lab", error)),
      { capture: true },
    );
  }

  private async press(lesson: Lesson, set: string): Promise<void> {
    const fetched = await this.exchange.find(lesson.panel, set);
    if (fetched && (await this.agrees(set))) {
      await save(lesson);
      const done = await this.exchange.submit(fetched);
      await this.say(
        done ? "已交给老师 · Handed in" : "还没有交上 · Not handed in yet",
        done
          ? "已保存的答案都交上了；改了答案，可以再交一次。 Every saved answer is in. If you change one, hand in again."
          : "收卷处没有收下。答案还在，过一会儿再试，或做一个交卷文件。 The exchange did not take it. Your answers are safe: try again in a while, or make a hand-in file.",
      );
    } else {
      await toPanel(lesson, set);
    }
  }

  private async agrees(set: string): Promise<boolean> {
    const { Dialog, showDialog } = this.dialogs;
    const answer = await showDialog({
      title: "现在交卷吗？ · Hand in now?",
      body: `把“${set}”里已保存的答案交给老师，交后还可以再交。 Your saved answers in “${set}” go to your instructor; you may hand in again later.`,
      buttons: [
        Dialog.cancelButton({ label: "改用文件 · Use a file" }),
        Dialog.okButton({ label: "交卷 · Hand in" }),
      ],
    });
    return answer.button.accept;
  }

  private async say(title: string, body: string): Promise<void> {
    const { Dialog, showDialog } = this.dialogs;
    await showDialog({ title, body, buttons: [Dialog.okButton({ label: "好 · OK" })] });
  }
}

/** Saves a notebook in which something was written, also while an earlier save is under way. */
async function save({ panel }: Lesson): Promise<void> {
  for (let times = 0; panel.content.model?.dirty && times < 3; times++) await panel.context.save();
}

/** Brings the hand-in panel into view, with the keyboard in it. */
async function toPanel(lesson: Lesson, set: string): Promise<void> {
  await lesson.go();
  const { content } = lesson.panel;
  const line = `import kefu; kefu.play("${set}")`;
  const at = content.widgets.findIndex((cell) => cell.model.sharedModel.getSource() === line);
  const cell = content.widgets[at];
  if (!cell) return;
  await content.scrollToItem(at, "center");
  (await field(cell))?.focus();
}

/** The first field of a cell's panel, as soon as it is drawn; null if it is not. */
async function field(cell: Cell): Promise<HTMLElement | null> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const found = cell.node.querySelector<HTMLElement>(".kefu input");
    if (found || Date.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
