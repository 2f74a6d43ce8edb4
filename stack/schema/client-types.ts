import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const cli = join(import.meta.dir, '../../node_modules/gql.tada/bin/cli.js')

/** The graph as TypeScript types, by which gql.tada checks the web client's documents. */
export async function clientTypesOf(api: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-client-types-'))
  const output = join(folder, 'graphql-env.d.ts')
  const plugin = { name: 'gql.tada/ts-plugin', schema: './api.graphql', tadaOutputLocation: output }
  const settings = JSON.stringify({ compilerOptions: { plugins: [plugin] } })
  try {
    await writeFile(join(folder, 'api.graphql'), api)
    await writeFile(join(folder, 'tsconfig.json'), settings)
    const args = [cli, 'generate', 'output', '--tsconfig', folder]
    const { stdout, stderr, success } = Bun.spawnSync([process.execPath, ...args], { cwd: folder })
    if (!success) throw new Error(`gql.tada could not type the graph: ${stdout}${stderr}`)
    return await readFile(output, 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
