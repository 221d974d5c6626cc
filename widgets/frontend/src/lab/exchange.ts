// nbgrader's exchange, where the server has one and it knows this set as fetched.
import type { Lab, Panel, Shared } from "./jupyterlab";

const PLUGIN = "@jupyter/nbgrader:assignment-list";

/** A set that the exchange lists as fetched into the folder of the notebook. */
export interface Fetched {
  readonly course: string;
  readonly set: string;
}

interface Reply {
  success?: unknown;
  value?: unknown;
}

/** Of what the exchange lists, the set of this name that lies in this folder. */
export function fetchedHere(listed: unknown, set: string, folder: string): Fetched | null {
  for (const one of Array.isArray(listed) ? listed : []) {
    const { status, assignment_id, course_id, path } = one as Record<string, unknown>;
    const here = typeof path === "string" && path.replaceAll("\\", "/") === folder;
    if (status === "fetched" && assignment_id === set && here && typeof course_id === "string")
      return { course: course_id, set };
  }
  return null;
}

export class Exchange {
  constructor(
    private lab: Lab,
    private services: Shared["@jupyterlab/services"],
  ) {}

  /** The set as the exchange knows it; null where there is none, or no exchange. */
  async find(panel: Panel, set: string): Promise<Fetched | null> {
    if (!this.lab.hasPlugin(PLUGIN)) return null;
    const folder = panel.context.path.slice(0, panel.context.path.lastIndexOf("/"));
    const courses = await this.ask("courses").catch(() => null);
    for (const course of Array.isArray(courses?.value) ? courses.value : []) {
      const query = new URLSearchParams({ course_id: String(course) });
      const listed = await this.ask(`assignments?${query}`).catch(() => null);
      const found = fetchedHere(listed?.value, set, folder);
      if (found) return found;
    }
    return null;
  }

  /** Submits the folder; says whether the exchange has it. */
  async submit(fetched: Fetched): Promise<boolean> {
    const body = JSON.stringify({ course_id: fetched.course, assignment_id: fetched.set });
    const reply = await this.ask("assignments/submit", { method: "POST", body }).catch(() => null);
    return reply?.success === true;
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Reply> {
    const settings = this.lab.serviceManager.serverSettings;
    const url = settings.baseUrl.replace(/\/?$/, "/") + path;
    const reply = await this.services.ServerConnection.makeRequest(url, init, settings);
    if (!reply.ok) throw new Error(`${reply.status}`);
    return (await reply.json()) as Reply;
  }
}
