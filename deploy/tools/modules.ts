import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { program } from '../../stack/program.ts'
import type { Module } from './definitions.ts'
import { goPath, toolsFolder } from './path.ts'

const Downloaded = z.object({ Dir: z.string(), Sum: z.string() })

/** Where the module's files are, after fetching them once. Throws when they are not those that were tried out. */
export async function moduleFolder({ path, version, sum }: Module): Promise<string> {
  const go = goPath()
  if (!go) throw new Error(`${path} is fetched by Go, and there is none.`)
  await mkdir(toolsFolder(), { recursive: true })
  const nowhere = await mkdtemp(join(toolsFolder(), 'fetch-'))
  try {
    const said = await program([go, 'mod', 'download', '-json', `${path}@v${version}`], {
      cwd: nowhere,
      env: { GOWORK: 'off' },
    })
    const { Dir, Sum } = Downloaded.parse(JSON.parse(said.slice(said.indexOf('{'))))
    if (Sum === sum) return Dir
    throw new Error(`${path} ${version} is not the one that Plexus knows: its sum differs.`)
  } finally {
    await rm(nowhere, { recursive: true })
  }
}
