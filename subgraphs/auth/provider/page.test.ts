import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const declared = (sheet: string) =>
  new Map([...sheet.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]))

test('the sign-in page has the colours of the web client', async () => {
  const [page, web] = await Promise.all(
    ['page.css', '../../../web/styles/tokens.css'].map((file) =>
      readFile(resolve(import.meta.dir, file), 'utf8'),
    ),
  )
  const ours = declared(page ?? '')
  const theirs = declared(web ?? '')
  expect(ours.size).toBeGreaterThan(10)
  for (const [name, value] of ours)
    expect({ [`${name}`]: theirs.get(name) }).toEqual({ [`${name}`]: value })
})
