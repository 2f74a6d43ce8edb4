export type Reference = {
  /** Where the registry's API is. */
  readonly origin: string
  readonly repository: string
}

const hub = 'registry-1.docker.io'
const isHost = (part: string) => /[.:]/.test(part) || part === 'localhost'
const isLocal = (host: string) => /^(localhost|127\.0\.0\.1)(:|$)/.test(host)

/** As every client reads a name: without a host it is Docker's registry, without a folder its library. */
export function referenceFrom(name: string): Reference {
  const [first = '', ...rest] = name.split('/')
  if (rest.length === 0) return { origin: `https://${hub}`, repository: `library/${first}` }
  if (!isHost(first)) return { origin: `https://${hub}`, repository: name }
  const host = first === 'docker.io' ? hub : first
  return { origin: `${isLocal(host) ? 'http' : 'https'}://${host}`, repository: rest.join('/') }
}
