import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { tableOf } from './table.ts'
import { freshPlace, startUp } from './up.ts'

const paths = ['/', '/coaches', '/coaches/lea-martin']
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const
const Report = z.object({ categories: z.record(z.string(), z.object({ score: z.number() })) })
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Lighthouse has its own lockfile beside this file, so that neither `up` nor `check` installs it. */
function ensureInstalled() {
  const { exitCode, stderr } = Bun.spawnSync(
    [process.execPath, 'install', '--frozen-lockfile', '--ignore-scripts'],
    { cwd: import.meta.dir },
  )
  if (exitCode !== 0) throw new Error(`Lighthouse could not be installed: ${stderr}`)
}

/** The scores of one page on a throttled phone, 0 to 100. Throws when Lighthouse has none. */
async function scoresOf(url: string): Promise<number[]> {
  const child = Bun.spawn(
    [
      ...[process.execPath, join(import.meta.dir, 'node_modules/lighthouse/cli/index.js'), url],
      ...['--quiet', '--output=json', '--output-path=stdout'],
      '--chrome-flags=--headless=new --no-sandbox',
    ],
    {
      env: { ...process.env, CHROME_PATH: process.env.CHROME_PATH ?? browsers.find(existsSync) },
      stdout: 'pipe',
      stderr: 'pipe',
    },
  )
  const report = Report.parse(JSON.parse(await new Response(child.stdout).text()))
  return categories.map((name) => (report.categories[name]?.score ?? 0) * 100)
}

/** Lighthouse of the pages that anybody may open. */
export async function pages(): Promise<string> {
  ensureInstalled()
  const place = await freshPlace()
  try {
    const running = await startUp(place)
    const rows: (string | number)[][] = []
    for (const path of paths) {
      const scores = await scoresOf(`${running.origin}${path}`)
      rows.push([path, ...scores.map((score) => score.toFixed(0))])
    }
    await running.stop()
    return tableOf(['page (goal 90, 100, 100, 95)', ...categories], rows)
  } finally {
    await place.remove()
  }
}
