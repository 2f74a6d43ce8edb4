import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { forgetFigures } from './figures.ts'

const root = resolve(import.meta.dir, '../..')
const drills: Readonly<Record<string, readonly string[]>> = {
  restore: ['pgbackrest'],
}

/** Runs the drill that is named; the result is the code to end with. */
export async function drill([name = '']: readonly string[]): Promise<number> {
  const suites = drills[name]
  if (!suites) {
    console.error(`bun run drill ${Object.keys(drills).join(' | ')}`)
    return 2
  }
  forgetFigures()
  const reports = join(root, 'deploy/reports')
  await mkdir(reports, { recursive: true })
  const files = suites.map((suite) => `./deploy/drill/${suite}.suite.ts`)
  const reporter = ['--reporter=junit', `--reporter-outfile=${join(reports, 'drill.xml')}`]
  const child = Bun.spawn([process.execPath, 'test', ...reporter, ...files], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return child.exited
}
