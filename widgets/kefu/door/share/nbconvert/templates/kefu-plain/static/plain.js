// Around Voila's front end: says when the page is ready, when its kernel is lost, and what to do.
"use strict";
(() => {
  const PATIENCE = 60_000;
  const AFTER_A_TOUCH = 3_000;
  const byId = (id) => document.getElementById(id);
  const show = (id, yes = true) => {
    byId(id).hidden = !yes;
  };
  const stopped = () => {
    show("wait", false);
    show("lost", false);
    show("again");
  };

  // Voila calls it when its theme is there, which is after the last cell.
  window.cellLoaded = true;
  window.voila_finish = () => show("wait", false);

  // Voila's own farewell is refused for want of an XSRF token: ours frees the kernel.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  let kernel = "";
  let app;
  addEventListener("pagehide", () => {
    if (kernel) navigator.sendBeacon(`${document.body.dataset.base}kernels/${kernel}/leave`);
  });
  // Whoever hands over hangs up first: else the line, cut by the server, would be knotted anew.
  addEventListener("submit", () => app?.widgetManager?.kernel?.dispose());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // A page that broke off, a script that did not come, a front end that hangs: it says so.
  addEventListener("error", (event) => event.target instanceof HTMLScriptElement && stopped(), true);
  addEventListener("load", () => {
    const told = byId("jupyter-config-data");
    kernel = told ? JSON.parse(told.textContent).kernelId : "";
    if (!byId("voila")) return stopped();
    setTimeout(() => window.jupyterapp || stopped(), PATIENCE);
  });

  // Voila names its application when it has started.
  Object.defineProperty(window, "jupyterapp", {
    get: () => app,
    set: (started) => {
      app = started;
      const line = app.widgetManager?.kernel;
      if (!line) return stopped();
      line.connectionStatusChanged.connect((_, status) => {
        show("lost", status === "connecting");
        if (status === "disconnected") stopped();
      });
      line.statusChanged.connect((_, status) => {
        if (["dead", "terminating", "autorestarting", "restarting"].includes(status)) stopped();
      });
    },
  });

  // A kernel that died says nothing: whoever has touched something hears of it.
  let asking = 0;
  const touched = (event) => {
    if (!kernel || asking || !event.target.closest?.("#rendered_cells")) return;
    asking = setTimeout(async () => {
      asking = 0;
      try {
        const { base } = document.body.dataset;
        const reply = await fetch(`${base}api/kernels/${kernel}`, { cache: "no-store" });
        if (reply.status === 404) stopped();
      } catch {
        // No network: the line above says so.
      }
    }, AFTER_A_TOUCH);
  };
  for (const how of ["pointerup", "keyup", "change"]) addEventListener(how, touched, true);

  // A widget that nobody brought along: a line in place of an error.
  document.addEventListener("DOMContentLoaded", () => {
    const calm = () => {
      for (const broken of document.querySelectorAll(".jupyter-widgets-error-widget")) {
        broken.replaceWith(byId("unknown").content.cloneNode(true));
      }
    };
    new MutationObserver(calm).observe(document.body, { childList: true, subtree: true });
  });
})();
