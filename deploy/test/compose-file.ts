import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

export const deployFolder = resolve(import.meta.dir, '..')

const Needs = z.record(z.string(), z.object({ condition: z.string() }))
const Networks = z
  .union([z.array(z.string()), z.record(z.string(), z.unknown())])
  .transform((networks) => (Array.isArray(networks) ? networks : Object.keys(networks)))

const Service = z.object({
  extends: z.object({ file: z.string(), service: z.string() }).optional(),
  image: z.string().optional(),
  ports: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  env_file: z.string().optional(),
  depends_on: Needs.optional(),
  volumes: z.array(z.string()).optional(),
  networks: Networks.optional(),
  restart: z.string().optional(),
  healthcheck: z.unknown().optional(),
  build: z.unknown().optional(),
  privileged: z.unknown().optional(),
  mem_limit: z.string().optional(),
  security_opt: z.array(z.string()).optional(),
})
export type ComposeService = z.output<typeof Service>

const File = z.object({
  services: z.record(z.string(), Service),
  networks: z.record(
    z.string(),
    z.object({
      driver: z.literal('bridge'),
      internal: z.boolean().optional(),
      ipam: z.object({ config: z.tuple([z.object({ subnet: z.string() })]) }),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
})
export type ComposeFile = z.output<typeof File>

export const textOf = (name: string): string => readFileSync(join(deployFolder, name), 'utf8')

/** `${NAME}`, and nothing else of what compose knows: a file that needs more is refused. */
const variable = /\$\{([A-Z][A-Z0-9_]*)\}/g

/** Every variable that a file is filled in with. */
export const variablesIn = (text: string): Set<string> =>
  new Set([...text.matchAll(variable)].map(([, name = '']) => name))

type Environment = Readonly<Record<string, string | undefined>>

/** A file as compose reads it, with what it takes over from another. Throws for a variable without a value. */
export function composeFile(name: string, env: Environment): ComposeFile {
  const filled = textOf(name).replace(variable, (_, key: string) => {
    const value = env[key]
    if (value === undefined) throw new Error(`${name}: nothing says ${key}`)
    return value.replaceAll('"', '\\"')
  })
  const file = File.parse(parse(quoted(filled), { merge: true, logLevel: 'silent' }))
  const services = Object.entries(file.services).map(([key, service]) => {
    const base = service.extends && composeFile(service.extends.file, env).services[key]
    return [key, base ? extended(base, service) : service] as const
  })
  return { ...file, services: Object.fromEntries(services) }
}

/** Compose fills values in after it has read them: JSON in one is text all the same. */
const quoted = (text: string) => text.replace(/^( +\w+: )(\{\\".*)$/gm, '$1"$2"')

const extended = (base: ComposeService, own: ComposeService): ComposeService => ({
  ...base,
  ...own,
  environment: { ...base.environment, ...own.environment },
  depends_on: { ...base.depends_on, ...own.depends_on },
})
