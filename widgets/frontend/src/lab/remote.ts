// The container that JupyterLab loads a prebuilt extension from: `init` is given what the page
// shares, `get` gives the extension. The rest of what a packer would make of it is not needed.
import { isLab, share } from "./jupyterlab";
import { makePlugin } from "./plugin";

interface Container {
  init(scope: unknown): void;
  get(module: string): Promise<() => unknown>;
}

const page = window as unknown as { _JUPYTERLAB?: Record<string, Container> };
(page._JUPYTERLAB ??= {})["kefu-lab"] = {
  init: share,
  get: async () => {
    const plugin = isLab() ? await makePlugin() : [];
    return () => ({ __esModule: true, default: plugin });
  },
};
