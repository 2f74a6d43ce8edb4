import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { createHealth } from '#kit/health'
import { createLog } from '#kit/log'
import { type EngineName, loadEngine } from '../engine/engines.ts'
import { createStitchedEngine } from '../engine/stitched/index.ts'

describe('where the compiled engine cannot be loaded', () => {
  const broken = async (name: EngineName) => {
    if (name === 'compiled') throw new Error('no such addon')
    return createStitchedEngine
  }

  test('stitching answers, and the log and /readyz say so', async () => {
    const lines: string[] = []
    const log = createLog({ service: 'gateway', write: (line) => lines.push(line) })
    const { create, check } = await loadEngine('compiled', { log, load: broken })
    expect(create).toBe(createStitchedEngine)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error' })
    expect(lines[0]).toContain('The compiled engine cannot be loaded')
    const ready = await createHealth({ checks: { engine: check }, log }).ready()
    expect(ready.status).toBe(200)
    expect(await ready.json()).toEqual({ status: 'degraded', checks: { engine: 'degraded' } })
  })

  test('nothing is said where stitching was asked for, or nothing is wrong', async () => {
    const lines: string[] = []
    const log = createLog({ service: 'gateway', write: (line) => lines.push(line) })
    expect((await loadEngine('stitched', { log, load: broken })).create).toBe(createStitchedEngine)
    const compiled = await loadEngine('compiled', { log })
    expect(compiled.create).not.toBe(createStitchedEngine)
    expect(await compiled.check()).toBe('ok')
    expect(lines).toEqual([])
  })

  test('a gateway without any engine does not start', async () => {
    const none = () => Promise.reject(new Error('nothing is there'))
    const log = { error: () => {} }
    await expect(loadEngine('compiled', { log, load: none })).rejects.toThrow('nothing is there')
  })
})

/** Serves one operation in a process of its own; gives its answer and what that process loaded. */
async function served(engine: EngineName) {
  const script = join(import.meta.dir, 'serve-once.ts')
  const { stdout, stderr } = Bun.spawn([process.execPath, script, engine], { stderr: 'pipe' })
  const [told, fault] = await Promise.all([stdout, stderr].map((one) => new Response(one).text()))
  expect(fault).toBe('')
  const answer: { text: string; loaded: string[] } = JSON.parse(told ?? '')
  return answer
}

const libraries = ['@graphql-tools/delegate', '@graphql-tools/federation', '@graphql-tools/stitch']

describe('an engine answers alone', () => {
  test('the compiled one without a module of stitching or of graphql-yoga', async () => {
    const { text, loaded } = await served('compiled')
    expect(text).toBe('{"data":{"hello":"world","people":[{"miles":100}]}}')
    expect(loaded.filter((path) => path.includes('@graphql-tools'))).toEqual([])
    expect(loaded.filter((path) => path.includes('graphql-yoga'))).toEqual([])
    expect(loaded.filter((path) => path.endsWith('stitched/index.ts'))).toEqual([])
  }, 20_000)

  test('negative control: the other one loads them', async () => {
    const { loaded } = await served('stitched')
    for (const library of libraries)
      expect(loaded.some((path) => path.includes(library))).toBe(true)
  }, 20_000)
})
