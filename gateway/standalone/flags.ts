type Env = Readonly<Record<string, string | undefined>>

/** What a flag sets, and whether each use of it adds one more. */
type Flag = { readonly variable: string; readonly value?: string; readonly adds?: true }

const flags: Readonly<Record<string, Flag>> = {
  '--supergraph': { variable: 'SUPERGRAPH_FILE' },
  '--subgraph': { variable: 'SUBGRAPH_URLS', adds: true },
  '--port': { variable: 'GATEWAY_PORT' },
  '--host': { variable: 'GATEWAY_HOST' },
  '--metrics-port': { variable: 'GATEWAY_METRICS_PORT' },
  '--operations': { variable: 'OPERATIONS_FILE' },
  '--forward-header': { variable: 'FORWARD_HEADERS', adds: true },
  '--graphiql': { variable: 'GRAPHIQL', value: 'true' },
  '--no-introspection': { variable: 'INTROSPECTION', value: 'false' },
}

export const usage = `bun run gateway --supergraph FILE [--subgraph NAME=URL]… [--port N]
  --supergraph FILE      what composition wrote                     SUPERGRAPH_FILE
  --subgraph NAME=URL    where a subgraph answers, if not there     SUBGRAPH_URLS=NAME=URL,…
  --port N               4000; 0 takes any free one                 GATEWAY_PORT
  --host HOST            127.0.0.1                                  GATEWAY_HOST
  --metrics-port N       serves /metrics                            GATEWAY_METRICS_PORT
  --operations FILE      registered operations, by sha256           OPERATIONS_FILE
  --forward-header NAME  a client's header that subgraphs get       FORWARD_HEADERS=NAME,…
  --graphiql             GraphiQL at /; a browser loads its         GRAPHIQL=true
                         scripts from unpkg.com
  --no-introspection     nobody may ask for the schema              INTROSPECTION=false
gateway/README.md lists the other variables.`

export const asksForHelp = (args: readonly string[]): boolean =>
  args.some((arg) => arg === '--help' || arg === '-h')

/** Said at the terminal, without a stack. */
export class UsageError extends Error {
  constructor(fault: string) {
    super(`${fault}\n\n${usage}`)
    this.name = 'UsageError'
  }
}

/**
 * The environment with what the command line says on top of it: a flag wins, one that adds is put
 * behind what is there. Throws UsageError.
 */
export function withFlags(env: Env, args: readonly string[]): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = { ...env }
  const rest = args.flatMap(split)
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    const flag = Object.hasOwn(flags, next) ? flags[next] : undefined
    if (!flag) throw new UsageError(`There is no flag ${next}.`)
    const value = flag.value ?? rest.shift()
    // Nothing that a flag takes begins like one.
    if (value === undefined || value.startsWith('--'))
      throw new UsageError(`${next} needs a value.`)
    const before = flag.adds ? given[flag.variable] : undefined
    given[flag.variable] = before ? `${before},${value}` : value
  }
  if (!given.SUPERGRAPH_FILE) throw new UsageError('Say which supergraph to serve.')
  return given
}

/** `--port=4000` is `--port 4000`. */
function split(arg: string): string[] {
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? []
  return name !== undefined && value !== undefined ? [name, value] : [arg]
}
