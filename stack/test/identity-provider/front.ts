type Rewrite = (path: string, form: URLSearchParams) => void

/**
 * A port that hands everything on to a provider, under whose address everybody else knows it. It
 * can be closed, it counts, and it can change what passes, as somebody in the middle would.
 */
export async function openFront(port: number) {
  const counts = new Map<string, number>()
  const state: { target: string; rewrite: Rewrite | null } = { target: '', rewrite: null }
  const open = () =>
    Bun.serve({
      ...{ port, hostname: 'localhost' },
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url)
        counts.set(pathname, (counts.get(pathname) ?? 0) + 1)
        // With the caller's Host: the provider takes its own address from it.
        return fetch(`${state.target}${pathname}${search}`, {
          method: request.method,
          headers: request.headers,
          redirect: 'manual',
          // As it came: the headers tell how it is encoded.
          decompress: false,
          ...(request.body && { body: await bodyOf(request, pathname, state.rewrite) }),
        })
      },
    })
  let server: ReturnType<typeof open> | null = open()
  return {
    origin: `http://localhost:${port}`,
    lead: (target: string) => {
      state.target = target
    },
    /** How many requests came for that path, of any method. */
    count: (path: string) => counts.get(path) ?? 0,
    /** Until the function that it gives is called, forms that pass are changed. */
    rewriting: (rewrite: Rewrite) => {
      state.rewrite = rewrite
      return () => {
        state.rewrite = null
      }
    },
    close: async () => {
      await server?.stop(true)
      server = null
    },
    reopen: () => {
      server ??= open()
    },
  }
}

export type Front = Awaited<ReturnType<typeof openFront>>

async function bodyOf(request: Request, path: string, rewrite: Rewrite | null) {
  const text = await request.text()
  if (!rewrite) return text
  const form = new URLSearchParams(text)
  rewrite(path, form)
  return form.toString()
}
