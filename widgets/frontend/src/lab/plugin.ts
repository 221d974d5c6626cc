// What JupyterLab starts: it watches for notebooks, reads the one setting, follows links.
import { Exchange } from "./exchange";
import { HandIn } from "./handin";
import type { Lab, Panel, Settings, Tracker } from "./jupyterlab";
import { use } from "./jupyterlab";
import style from "./lab.css";
import { Lesson } from "./lesson";
import { followLinks } from "./links";

const ID = "kefu-lab:open";
/** Below this many pixels the list of files leaves a lesson no room. */
const NARROW = 700;

/** What every open notebook asks: is it switched on, and which kernels are there. */
export interface Open {
  autorun: boolean;
  readonly specs: Lab["serviceManager"]["kernelspecs"];
}

export async function makePlugin(): Promise<object> {
  const { INotebookTracker } = await use("@jupyterlab/notebook");
  const { ISettingRegistry } = await use("@jupyterlab/settingregistry");
  const cells = await use("@jupyterlab/cells");
  const services = await use("@jupyterlab/services");
  const ui = await use("@jupyterlab/ui-components");
  const dialogs = await use("@jupyterlab/apputils");

  const activate = async (
    lab: Lab,
    tracker: Tracker,
    registry: { load(id: string): Promise<Settings> },
  ): Promise<void> => {
    const open: Open = { autorun: false, specs: lab.serviceManager.kernelspecs };
    const handIn = new HandIn(new Exchange(lab, services), ui, dialogs);
    const lessons = new Set<Lesson>();
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));

    const add = async (panel: Panel): Promise<void> => {
      await panel.context.ready;
      if (panel.isDisposed) return;
      const lesson = new Lesson(panel, open, cells);
      lessons.add(lesson);
      panel.disposed.connect(() => lessons.delete(lesson));
      followLinks(panel, lab);
      handIn.addTo(lesson);
      if (lesson.isOurs && window.innerWidth < NARROW) lab.shell.collapseLeft?.();
      lesson.start();
    };

    // Whoever cannot be asked has not said no: without settings a lesson still opens ready.
    const settings = await registry.load(ID).catch(() => null);
    const read = () => {
      open.autorun = settings?.get("autorun").composite !== false;
      for (const lesson of lessons) {
        lesson.mark();
        void lesson.go();
      }
    };
    read();
    settings?.changed.connect(read);
    tracker.forEach((panel) => void add(panel));
    tracker.widgetAdded.connect((_, panel) => void add(panel));
  };
  return {
    id: ID,
    description: "客服 · kefu: lessons open ready",
    autoStart: true,
    requires: [INotebookTracker, ISettingRegistry],
    activate,
  };
}
