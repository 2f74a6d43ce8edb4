import type { BunPlugin } from 'bun'

const spoken = /(fr-FR|en-US)\.mjs$/

/** Leaves out what Plexus never shows: React Aria's other languages and the non-Gregorian calendars. */
export const lean: BunPlugin = {
  name: 'plexus-lean',
  setup(build) {
    build.onLoad(
      { filter: /react-aria.*\/intl\/.*\/[a-z]{2}-[A-Z]{2}\.mjs$/ },
      async ({ path }) => ({
        contents: spoken.test(path) ? await Bun.file(path).text() : 'export default {}',
        loader: 'js',
      }),
    )
    build.onLoad({ filter: /@internationalized\/date\/.*\/createCalendar\.mjs$/ }, () => ({
      contents: [
        `import { GregorianCalendar } from './calendars/GregorianCalendar.mjs'`,
        'export const createCalendar = () => new GregorianCalendar()',
      ].join('\n'),
      loader: 'js',
    }))
  },
}
