import { expect, test } from 'bun:test'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')
const cache = join(root, '.plexus/cache/gateway')

test('the stand-alone gateway runs as a build, which is made once', async () => {
  const run = () => {
    const command = [process.execPath, join(root, 'stack/gateway.ts'), '--wrong']
    const { exitCode, stderr } = Bun.spawnSync(command, { cwd: root })
    return { exitCode, said: stderr.toString() }
  }
  expect(run()).toEqual({ exitCode: 2, said: expect.stringContaining('no flag --wrong') })
  const { mtimeMs } = await stat(cache)
  expect(run().exitCode).toBe(2)
  expect((await stat(cache)).mtimeMs).toBe(mtimeMs)
})
