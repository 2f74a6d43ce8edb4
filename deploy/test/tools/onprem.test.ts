import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openSegments, ports, type Segments, segmentsMissing } from '../onprem/segments.ts'

const folder = resolve(import.meta.dir, '../../onprem')
const missing = segmentsMissing()
const inside = ['proxy', 'services', 'database', 'management', 'vpn']

/** Which ports of `target` somebody reaches, as `matrix` says it. */
const reaches = (matrix: readonly string[], asking: string, target: string): number[] => {
  const start = `${asking} -> ${target}: `
  const line = matrix.find((one) => one.startsWith(start))
  return line ? line.slice(start.length).split(' ').map(Number) : []
}

describe.skipIf(missing !== null)(`the firewall${missing ? ` (${missing})` : ''}`, () => {
  let segments: Segments | null = null
  let without: string[] = []
  let matrix: string[] = []

  beforeAll(async () => {
    segments = await openSegments()
    without = await segments.matrix()
    await segments.load(join(folder, 'firewall.nft'))
    matrix = await segments.matrix()
  }, 120_000)
  afterAll(() => segments?.close())

  test('lets through what the committed table says, and nothing else', async () => {
    const committed = await readFile(join(folder, 'matrix.txt'), 'utf8')
    expect(matrix).toEqual(committed.trim().split('\n'))
  })

  test('negative control: without it everybody reaches everything', () => {
    for (const asking of ['internet', ...inside, 'another in the DMZ']) {
      for (const target of inside.filter((name) => name !== asking)) {
        const own = asking === 'another in the DMZ' && target === 'proxy'
        expect(reaches(without, asking, target), `${asking} -> ${target}`).toEqual(own ? [] : ports)
      }
    }
  })

  test('[BC-33] from outside only the proxy is reached, on 80 and 443', () => {
    expect(reaches(matrix, 'internet', 'proxy')).toEqual([80, 443])
    // What asks the router itself is passed on to the proxy.
    expect(reaches(matrix, 'internet', 'router')).toEqual([80, 443])
    for (const target of inside.filter((name) => name !== 'proxy')) {
      expect(reaches(matrix, 'internet', target)).toEqual([])
    }
  })

  test('[BC-34] the API is reached by the proxy and not even by its neighbours in the DMZ', () => {
    expect(reaches(matrix, 'proxy', 'services')).toEqual([3000, 8080])
    for (const asking of ['internet', 'another in the DMZ', 'database', 'management', 'vpn']) {
      expect(reaches(matrix, asking, 'services')).not.toContain(3000)
    }
  })

  test('[BC-35] the port of the database is closed to the outside, the DMZ and management', () => {
    expect(reaches(matrix, 'services', 'database')).toEqual([5432])
    for (const asking of ['internet', 'proxy', 'another in the DMZ', 'management', 'vpn']) {
      expect(reaches(matrix, asking, 'database')).not.toContain(5432)
    }
    expect(reaches(matrix, 'database', 'internet')).toEqual([])
  })

  test('[BC-36] SSH goes over the VPN and no other way', () => {
    for (const target of inside.filter((name) => name !== 'vpn')) {
      expect(reaches(matrix, 'vpn', target)).toContain(22)
    }
    for (const asking of ['internet', 'proxy', 'services', 'database', 'management']) {
      for (const target of [...inside, 'router']) {
        expect(reaches(matrix, asking, target), `${asking} -> ${target}`).not.toContain(22)
      }
    }
  })

  test('whoever comes from outside with an address of ours is met by the rule against it', async () => {
    expect(matrix.filter((line) => line.startsWith('a liar outside'))).toEqual([])
    // No answer would find the way back to it: that the rule holds, only its counter tells.
    expect(await segments?.met('meta ipsec missing')).toBeGreaterThan(0)
  })
})
