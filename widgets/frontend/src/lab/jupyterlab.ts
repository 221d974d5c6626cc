// The few members of JupyterLab 4 that the extension uses, written down here rather than fetched:
// @jupyterlab's own packages bring hundreds of others with them.

export interface Signal<Sender, Args> {
  connect(slot: (sender: Sender, args: Args) => void): boolean;
  disconnect(slot: (sender: Sender, args: Args) => void): boolean;
}

export interface Output {
  data?: Record<string, unknown>;
}

export interface Cell {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  readonly model: {
    readonly type: "code" | "markdown" | "raw";
    readonly trusted: boolean;
    readonly sharedModel: { getSource(): string };
    /** Of a code cell. */
    readonly outputs?: { readonly length: number; get(at: number): { toJSON(): Output } };
  };
  toggleClass(name: string, on: boolean): boolean;
}

export interface Kernel {
  readonly name: string;
  readonly info: Promise<unknown>;
  requestCommInfo(content: { target_name: string }): Promise<{
    content: { status: string; comms?: Record<string, unknown> };
  }>;
}

export interface SessionContext {
  readonly ready: Promise<void>;
  readonly session: { readonly kernel: Kernel | null } | null;
  readonly kernelChanged: Signal<unknown, unknown>;
  readonly statusChanged: Signal<unknown, string>;
}

export interface Panel {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  readonly disposed: Signal<unknown, unknown>;
  readonly context: { readonly ready: Promise<void>; readonly path: string; save(): Promise<void> };
  readonly sessionContext: SessionContext;
  readonly content: {
    readonly widgets: readonly Cell[];
    readonly model: {
      dirty: boolean;
      getMetadata(key: string): unknown;
      readonly contentChanged: Signal<unknown, unknown>;
    } | null;
    scrollToItem(index: number, align?: string): Promise<void>;
  };
  readonly toolbar: { insertBefore(at: string, name: string, widget: unknown): boolean };
}

export interface Tracker {
  forEach(each: (panel: Panel) => void): void;
  readonly widgetAdded: Signal<unknown, Panel>;
}

export interface KernelSpec {
  readonly argv?: readonly string[];
  readonly env?: Record<string, string>;
  readonly metadata?: Record<string, unknown>;
}

export interface Lab {
  /** Only JupyterLab's own shell has sides. */
  readonly shell: { collapseLeft?(): void };
  hasPlugin(id: string): boolean;
  readonly commands: { execute(id: string, args: Record<string, unknown>): Promise<unknown> };
  readonly serviceManager: {
    readonly kernelspecs: {
      readonly ready: Promise<void>;
      readonly specs: { kernelspecs: Record<string, KernelSpec | undefined> } | null;
    };
    readonly serverSettings: { readonly baseUrl: string };
  };
}

export interface Settings {
  get(key: string): { composite: unknown };
  readonly changed: Signal<unknown, unknown>;
}

/** JupyterLab's own modules, as the page shares them. */
export interface Shared {
  "@jupyterlab/notebook": { INotebookTracker: unknown };
  "@jupyterlab/settingregistry": { ISettingRegistry: unknown };
  "@jupyterlab/cells": { CodeCell: { execute(cell: Cell, on: SessionContext): Promise<unknown> } };
  "@jupyterlab/ui-components": {
    ToolbarButton: new (props: Record<string, unknown>) => object;
  };
  "@jupyterlab/apputils": {
    Dialog: Record<"okButton" | "cancelButton", (options: { label: string }) => unknown>;
    showDialog(options: {
      title: string;
      body: string;
      buttons: unknown[];
    }): Promise<{ button: { accept: boolean } }>;
  };
  "@jupyterlab/services": {
    ServerConnection: {
      makeRequest(url: string, init: RequestInit, settings: unknown): Promise<Response>;
    };
  };
}

type Copy = { loaded?: unknown; get(): Promise<() => unknown> };
type Scope = Record<string, Record<string, Copy>>;

let scope: Scope = {};

/** Remembers what the page shares; called once, before anything is asked for. */
export const share = (given: unknown): void => {
  scope = given as Scope;
};

/** Whether the page shares all that the extension needs: Voila loads it too, and has no notebooks. */
export const isLab = (): boolean =>
  ["notebook", "settingregistry", "cells", "services", "ui-components", "apputils"].every(
    (name) => Object.keys(scope[`@jupyterlab/${name}`] ?? {}).length > 0,
  );

/** One of the shared modules: the copy that the page itself uses, else the only one there is. */
export async function use<Name extends keyof Shared>(name: Name): Promise<Shared[Name]> {
  const copies = Object.values(scope[name] ?? {});
  const copy = copies.find((one) => one.loaded) ?? copies[0];
  if (!copy) throw new Error(`kefu-lab: this JupyterLab does not share ${name}`);
  return (await copy.get())() as Shared[Name];
}
