import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { deployFolder } from './compose-file.ts'

test('[BC-24] compose brings up an entry, a database, the API with the web and a mail server on networks of their own', () => {
  const file = parse(readFileSync(join(deployFolder, 'compose.yaml'), 'utf8'))
  expect(Object.keys(file.services)).toEqual(
    expect.arrayContaining(['traefik', 'postgres', 'plexus', 'mail']),
  )
  const drivers = Object.values<{ driver: string }>(file.networks).map(({ driver }) => driver)
  expect(new Set(drivers)).toEqual(new Set(['bridge']))
})
