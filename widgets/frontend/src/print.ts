// A page of paper with nothing on it but what was asked for, whatever stands around it on screen.

/**
 * Prints a copy of `what`, in the light colours, at the top of the page and alone;
 * the copy goes away when the printing is over.
 */
export function print(what: Element): void {
  over(); // a page that was never told that printing is over
  const sheet = document.createElement("div");
  sheet.className = "kefu k-sheet";
  sheet.lang = what.closest<HTMLElement>("[lang]")?.lang ?? "";
  sheet.append(what.cloneNode(true));
  // Paper cannot be unfolded.
  sheet.querySelectorAll("details").forEach((fold) => (fold.open = true));
  document.body.append(sheet);
  document.documentElement.classList.add("k-printing");
  window.addEventListener("afterprint", over);
  window.print();
}

function over(): void {
  document.querySelectorAll(".k-sheet").forEach((sheet) => sheet.remove());
  document.documentElement.classList.remove("k-printing");
  window.removeEventListener("afterprint", over);
}
