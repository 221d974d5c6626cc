// Which cells may run by themselves, and on which kernel.
import own from "../../../kefu/share/jupyter/kernels/kefu/kernel.json";
import type { Cell, KernelSpec } from "./jupyterlab";

/** The whole of a cell that may run as a notebook opens: kefu's own one line. */
export const LINE = /^import kefu; kefu\.(play|explore|map)\("[a-z0-9-]{1,64}"\)$/;

export const KERNEL = "kefu";
const VIEW = "application/vnd.jupyter.widget-view+json";

export const isLine = (cell: Cell): boolean =>
  cell.model.type === "code" && LINE.test(cell.model.sharedModel.getSource());

/**
 * Whether a kernelspec is the one that came with kefu, which imports nothing from the working
 * folder. Anybody may call an environment of theirs "kefu" too: the name alone says nothing.
 */
export function isOwn(spec: KernelSpec | undefined): boolean {
  const command = (words: readonly string[]) => JSON.stringify(words.slice(1));
  return (
    spec?.argv !== undefined &&
    command(spec.argv) === command(own.argv) &&
    spec.metadata?.kefu === own.metadata.kefu &&
    Object.keys(spec.env ?? {}).length === 0
  );
}

/** The widgets that a cell shows, by id. */
export function widgetsOf(cell: Cell): string[] {
  const outputs = cell.model.outputs;
  const ids: string[] = [];
  for (let at = 0; at < (outputs?.length ?? 0); at++) {
    const view = outputs?.get(at).toJSON().data?.[VIEW] as { model_id?: unknown } | undefined;
    if (typeof view?.model_id === "string") ids.push(view.model_id);
  }
  return ids;
}
