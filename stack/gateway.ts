/**
 * `bun run gateway`: the stand-alone gateway, put together into a few files first. A process that reads 600 modules
 * one by one starts in twice the time. Where nothing can be written, its main.ts itself runs.
 */
import { statSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')
const main = join(root, 'gateway/standalone/main.ts')
const cache = join(root, '.plexus/cache/gateway')
const sources = new Bun.Glob('{gateway,kit,schema}/**/*.ts')
const dayMs = 24 * 3_600_000

/** When the newest source was written: another build is made for another time. */
function newestMs(): number {
  const own = [...sources.scanSync(root)].filter((file) => !file.includes('/test/'))
  const files = [...own, 'package.json', 'bun.lock']
  // One after the other: threads that do it together would stay for as long as the gateway runs.
  return Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs))
}

/** The build of the sources as they are, which another process may be making at the same time. */
async function built(): Promise<string> {
  const folder = join(cache, String(newestMs()))
  const file = join(folder, 'main.js')
  if (await Bun.file(file).exists()) return file
  await mkdir(cache, { recursive: true })
  await forgetOld()
  const own = `${folder}-${process.pid}`
  // In a process of its own: what building takes in memory would stay with the gateway.
  const command = ['build', '--target=bun', '--splitting', `--outdir=${own}`, main]
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, ...command])
  if (exitCode !== 0) throw new Error(`The gateway cannot be built: ${stderr}`)
  await rename(own, folder).catch(() => rm(own, { recursive: true }))
  return file
}

/** A gateway that runs may still load a part of its build, so what is recent stays. */
async function forgetOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = join(cache, name)
    if (Date.now() - (await stat(folder)).mtimeMs > dayMs) await rm(folder, { recursive: true })
  }
}

await import(await built().catch(() => main))
