/** A page's code that could not be fetched; `again` asks for it once more. */
export class PageCodeError extends Error {
  readonly again: () => Promise<unknown>

  constructor(again: () => Promise<unknown>) {
    // Not the browser's own words: TanStack reloads on those, and without a network
    // the browser's error page would then replace the app.
    super('The code of this page did not arrive.')
    this.again = again
  }
}

/** Fetches a page's code, with a second try. */
export const pageCode =
  <Code>(fetchCode: () => Promise<Code>) =>
  (): Promise<Code> =>
    fetchCode()
      .catch(fetchCode)
      .catch(() => {
        throw new PageCodeError(fetchCode)
      })
