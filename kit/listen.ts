type Options = {
  readonly port: number
  /** The environment variable that moves the port, named in the message when it is taken. */
  readonly portSetting: string
  readonly hostname: string
  readonly idleTimeoutSeconds?: number
  readonly bodyBytesMax?: number
  readonly fetch: (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>
}

/** One sentence naming the port and the setting: what a person at a terminal needs, no stack. */
export class PortTakenError extends Error {
  constructor(port: number, portSetting: string, options?: ErrorOptions) {
    super(`Port ${port} is taken; set ${portSetting} to another one.`, options)
    this.name = 'PortTakenError'
  }
}

/**
 * Throws PortTakenError. Bun itself answers 413 to a body past `bodyBytesMax`, without calling
 * `fetch`.
 */
export function listen(options: Options): Bun.Server<undefined> {
  const { port, portSetting, hostname, idleTimeoutSeconds = 30, bodyBytesMax = 1_048_576 } = options
  try {
    return Bun.serve({
      port,
      hostname,
      idleTimeout: idleTimeoutSeconds,
      maxRequestBodySize: bodyBytesMax,
      development: false,
      // Outside development Bun would share a taken port in silence.
      reusePort: false,
      fetch: options.fetch,
    })
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    throw taken ? new PortTakenError(port, portSetting, { cause }) : cause
  }
}
