import type { z } from 'zod'
import { count, httpUrl, list } from '#kit/config'

/** What the prober asks, and what it is called on the status page. */
export type Target = { readonly name: string; readonly url: string }

const entry = /^([a-z][a-z0-9-]{0,39})=(.+)$/

const targetsOf = (entries: readonly string[]): Target[] =>
  entries.map((text) => {
    const [, name = '', url = ''] = entry.exec(text) ?? []
    return { name, url }
  })

const isTarget = ({ name, url }: Target) =>
  name !== '' && name !== 'database' && httpUrl.safeParse(url).success

/** `website=https://plexus.example/healthz,…`; the database is asked without being named. */
const targets = list([])
  .transform(targetsOf)
  .refine((given) => given.every(isTarget), 'must be name=url,name=url, none of them database')
  .refine(
    (given) => new Set(given.map(({ name }) => name)).size === given.length,
    'must name each target once',
  )

export const probeEnv = { PROBES: targets, PROBE_SECONDS: count(60) }

type ProbeEnv = z.output<z.ZodObject<typeof probeEnv>>

export const probeSettings = (env: ProbeEnv) => ({
  targets: env.PROBES,
  everyMs: env.PROBE_SECONDS * 1_000,
})

export type ProbeSettings = ReturnType<typeof probeSettings>
