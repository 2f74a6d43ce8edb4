import { join } from 'node:path'
import { type Source, sourceFrom } from '../check/source.ts'

const places = '{gateway,kit,schema,stack,subgraphs,web,bench,deploy}'
const patterns = ['*.test.ts', '*.test.tsx', '*.contract.ts', '*.suite.ts'].map(
  (file) => `${places}/**/${file}`,
)
const isOurs = (path: string) => !/(^|\/)(node_modules|dist|coverage)\//.test(path)

/** Every file that holds tests, of the rooms and beside them (bench, deploy). */
export async function testSources(root: string): Promise<Source[]> {
  const found = patterns.map((pattern) =>
    Array.fromAsync(new Bun.Glob(pattern).scan({ cwd: root })),
  )
  const paths = (await Promise.all(found)).flat().filter(isOurs).sort()
  return Promise.all(
    paths.map(async (path) => sourceFrom(path, await Bun.file(join(root, path)).text())),
  )
}
