import { addTexts } from '../i18n/text.ts'

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

type FetchTexts = () => Promise<{ texts: Parameters<typeof addTexts>[0] }>

/** Fetches a page's code, and the texts that few pages have, with a second try. */
export function pageCode<Code>(fetchCode: () => Promise<Code>, ...fetchTexts: FetchTexts[]) {
  const fetchAll = async (): Promise<Code> => {
    const [code] = await Promise.all([
      fetchCode(),
      ...fetchTexts.map((fetchOne) => fetchOne().then(({ texts }) => addTexts(texts))),
    ])
    return code
  }
  return (): Promise<Code> =>
    fetchAll()
      .catch(fetchAll)
      .catch(() => {
        throw new PageCodeError(fetchAll)
      })
}
