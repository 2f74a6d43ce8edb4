import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb } from '../web/build.ts'
import { tableOf } from './table.ts'

/** What a browser loads, gzipped. The limits fail `check`, not this. */
export async function sizes(): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'plexus-sizes-'))
  try {
    const built = await buildWeb({ outdir })
    const { shell, pages, css, language } = built.sizes
    const parts = { shell, css, 'one language': language, ...pages }
    const rows = Object.entries(parts).map(([name, bytes]) => [name, (bytes / 1_000).toFixed(1)])
    return tableOf(['bundle (pages include the shell)', 'kB gzip'], rows)
  } finally {
    await rm(outdir, { recursive: true, force: true })
  }
}
