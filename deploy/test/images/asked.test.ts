import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { clusters, containerAt } from '../overlay-cluster.ts'

const Layer = z.object({ kind: z.string(), digest: z.string(), bytes: z.number() })
const Record = z.object({ images: z.array(z.object({ name: z.string(), layers: z.array(Layer) })) })

const deploy = join(import.meta.dir, '../..')
const { images } = Record.parse(JSON.parse(readFileSync(join(deploy, 'images.json'), 'utf8')))
const layersOf = (name: string) => images.find((image) => image.name === name)?.layers ?? []

test('[BC-29] the image of each service is slim: a runtime that all share, and its own code', () => {
  const dockerfile = readFileSync(join(deploy, 'Dockerfile'), 'utf8')
  expect(dockerfile).toMatch(/^FROM scratch$/m)
  expect(dockerfile).not.toMatch(/^RUN /m)
  const services = ['gateway', 'users', 'bookings', 'billing', 'auth']
  const runtimes = services.map((name) => layersOf(name).find(({ kind }) => kind === 'runtime'))
  expect(new Set(runtimes.map((layer) => layer?.digest)).size).toBe(1)
  expect(runtimes[0]?.bytes).toBeLessThanOrEqual(43_000_000)
  const code = services.map(
    (name) => layersOf(name).find(({ kind }) => kind === 'app')?.bytes ?? Infinity,
  )
  expect(Math.max(...code)).toBeLessThanOrEqual(600_000)
  const ports = services.map(
    (name) => containerAt(clusters[0]?.[1] ?? never(), `app/${name}`).ports[0],
  )
  expect(ports.map((port) => port?.name)).toEqual(services.map(() => 'http'))
})

test('[BC-30] the web is built into one image, and is started by what serves it', () => {
  const serving = images.filter(({ layers }) => layers.some(({ kind }) => kind === 'web'))
  expect(serving.map(({ name }) => name)).toEqual(['gateway', 'plexus'])
  const readiness = containerAt(clusters[0]?.[1] ?? never(), 'app/gateway').value.readinessProbe
  expect(readiness).toMatchObject({ httpGet: { path: '/readyz', port: 'http' } })
})

const never = (): never => {
  throw new Error('there is a profile')
}
