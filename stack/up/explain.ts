import { ConfigError } from '#kit/config'
import { PortTakenError } from '#kit/listen'
import { StartError } from '../start-error.ts'

const mendable = [StartError, PortTakenError, ConfigError]

/** One sentence for what a person can mend; everything else with its stack. */
export const explain = (error: unknown): string =>
  error instanceof Error && mendable.some((kind) => error instanceof kind)
    ? error.message
    : Bun.inspect(error)
