import { z } from 'zod'
import { parseConfig } from '#kit/config'

const Env = z.object({ CI: z.string().default('') }).transform(({ CI }) => ({
  /** In continuous integration nothing that is missing may be skipped. */
  isCi: !['', '0', 'false'].includes(CI),
}))

export const runnerConfigFrom = (env: Record<string, string | undefined>) => parseConfig(Env, env)
