/** PageUser hears what happens to the page that the program runs in, if it runs in one. */
export interface PageUser {
  /** The machine has a network again. */
  online(): void;
  /** The page came into view, or nobody sees it any more. Called at once if it is hidden. */
  hidden(hidden: boolean): void;
}

/** watchPage tells about the page until the function that it returns is called. Where there is no page it does nothing. */
export function watchPage(user: PageUser): () => void {
  const { document: page } = globalThis as { document?: Document };
  const online = (): void => user.online();
  const changed = (): void => user.hidden(page!.hidden);
  globalThis.addEventListener?.("online", online);
  page?.addEventListener("visibilitychange", changed);
  if (page?.hidden) changed();
  return () => {
    globalThis.removeEventListener?.("online", online);
    page?.removeEventListener("visibilitychange", changed);
  };
}
