import type { BunPlugin } from 'bun'

const spoken = /(fr-FR|en-US)\.mjs$/
const defaultImport = /^import ([\w$]+), \{(.*)\} from "(react|react-dom)";$/gm
const soleDefaultImport = /^import ([\w$]+) from "(react|react-dom)";$/gm

/** The whole of React comes with its default export; a namespace brings only what is used. */
const shakeable = (source: string): string =>
  source
    .replace(defaultImport, 'import * as $1 from "$3"; import {$2} from "$3";')
    .replace(soleDefaultImport, 'import * as $1 from "$2";')

/** Leaves out what Plexus never runs: other languages, other calendars, a shim for old Reacts. */
export const lean: BunPlugin = {
  name: 'plexus-lean',
  setup(build) {
    build.onResolve({ filter: /^use-sync-external-store\/shim\/with-selector$/ }, () => ({
      path: Bun.resolveSync('use-sync-external-store/with-selector', import.meta.dir),
    }))
    build.onLoad(
      { filter: /react-aria.*\/intl\/.*\/[a-z]{2}-[A-Z]{2}\.mjs$/ },
      async ({ path }) => ({
        contents: spoken.test(path) ? await Bun.file(path).text() : 'export default {}',
        loader: 'js',
      }),
    )
    build.onLoad(
      { filter: /(react-aria|react-stately)[^/]*\/dist\/.*\.mjs$/ },
      async ({ path }) => ({
        contents: shakeable(await Bun.file(path).text()),
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
