import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { drawingsFolder } from '../drawings/main.ts'
import { networkDrawing, networkPage } from '../drawings/network.ts'
import { tablesPage } from '../drawings/tables.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.drop())

const committed = (name: string) => readFileSync(join(drawingsFolder, name), 'utf8')

test('the drawing of the network is that of the policies: `bun run docs:erd` draws it', () => {
  expect(committed('network.md')).toBe(networkPage())
})

test('the drawing of the tables is that of the migrations: `bun run docs:erd` draws it', async () => {
  expect(committed('tables.md')).toBe(await tablesPage(db.connectAdmin()))
})

test('[BC-49] the annexes are there: network, tables, specification, compose and the script of a server', () => {
  const root = join(import.meta.dir, '../..')
  const annexes = [
    ...['docs/drawings/network.md', 'docs/drawings/tables.md', 'docs/requirements.json'],
    ...['deploy/compose.yaml', 'deploy/vps/install.sh'],
  ]
  expect(annexes.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('an arrow is drawn once for a pair, with all its ports, and neither names nor intruders are', () => {
  const flows = [
    { from: 'app/web', to: 'data/store:5432' },
    { from: 'app/web', to: 'data/store:80' },
    { from: 'app/web', to: 'kube-system/kube-dns:53' },
    { from: 'app/intruder', to: 'data/store:80' },
    { from: '0.0.0.0/0', to: 'app/web:443' },
  ]
  expect(networkDrawing(flows).split('\n').slice(2, -1)).toEqual([
    '  subgraph app[namespace app]',
    '    app_web[web]',
    '  end',
    '  subgraph data[namespace data]',
    '    data_store[store]',
    '  end',
    '  app_web -->|80 5432| data_store',
    '  internet -->|443| app_web',
  ])
})
