// Links from a widget to another notebook of the same folder: the course map is made of them.
import type { Lab, Panel } from "./jupyterlab";

/** A notebook's name alone, or one of the other language's folder beside this; no scheme. */
const NAME = /^(?:\.\.\/(zh|en)\/)?([^/\\:]+\.ipynb)$/;

/** The path that a link names, beside the notebook it stands in; null if it names none. */
export function beside(path: string, name: string | undefined): string | null {
  const [, lang, file] = NAME.exec(name ?? "") ?? [];
  if (!file) return null;
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (!lang) return folder + file;
  return /(^|\/)(zh|en)\/$/.test(folder) ? folder.slice(0, -3) + `${lang}/${file}` : null;
}

export function followLinks(panel: Panel, lab: Lab): void {
  panel.node.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.<HTMLElement>("a[data-kefu-notebook]");
    const path = beside(panel.context.path, link?.dataset.kefuNotebook);
    // A new tab of the browser is one's own wish.
    if (!path || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void lab.commands.execute("docmanager:open", { path });
  });
}
