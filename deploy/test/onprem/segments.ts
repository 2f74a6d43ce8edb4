import { program } from '../../../stack/program.ts'

/** A machine on a segment, by its interface of the router; `liar` is outside and says that it is inside. */
type Host = { readonly link: string; readonly address: string; readonly router: string }

const hosts = {
  internet: { link: 'wan', address: '198.51.100.9', router: '198.51.100.1' },
  proxy: { link: 'vlan10', address: '10.10.10.10', router: '10.10.10.1' },
  services: { link: 'vlan20', address: '10.10.20.10', router: '10.10.20.1' },
  database: { link: 'vlan30', address: '10.10.30.10', router: '10.10.30.1' },
  management: { link: 'vlan40', address: '10.10.40.10', router: '10.10.40.1' },
  vpn: { link: 'tun0', address: '10.10.50.10', router: '10.10.50.1' },
} as const satisfies Record<string, Host>
type HostName = keyof typeof hosts

/** Others on the same segments: who is not the proxy, who is not the services, who lies. */
const others = [
  { name: 'another in the DMZ', on: 'proxy', address: '10.10.10.20' },
  { name: 'a liar outside', on: 'internet', address: '10.10.20.99' },
] as const

export const ports = [22, 53, 80, 443, 587, 3000, 4001, 5432, 6443, 8006, 8080]

const names: readonly HostName[] = [
  'internet',
  'proxy',
  'services',
  'database',
  'management',
  'vpn',
]

const isSupported = () =>
  process.getuid?.() === 0 && Bun.which('ip') && Bun.which('nft') && Bun.which('curl')

/** Why packets cannot be sent here, or null. */
export function segmentsMissing(): string | null {
  if (!isSupported()) return 'needs root, ip, nft and curl'
  const { exitCode } = Bun.spawnSync([
    'unshare',
    '--net',
    'ip',
    'link',
    'add',
    'one',
    'type',
    'veth',
    'peer',
    'name',
    'two',
  ])
  return exitCode === 0 ? null : 'this kernel gives no networks of its own'
}

export type Segments = {
  /** What of it may be reached, by who asks: `proxy -> services: 3000 8080`. */
  matrix(): Promise<string[]>
  load(file: string): Promise<void>
  /** How many packets that rule of the forward chain has met; null without such a rule. */
  met(rule: string): Promise<number | null>
  close(): Promise<void>
}

const listener = `for (const port of ${JSON.stringify(ports)})
  Bun.serve({ port, hostname: '0.0.0.0', fetch: () => new Response() })
console.log('listening')`

/** The router and a machine on each of its segments, in networks of their own; only the kernel is this machine's. */
export async function openSegments(): Promise<Segments> {
  const prefix = `plexus-${process.pid}-`
  const inside = (name: string) => ['ip', 'netns', 'exec', prefix + name]
  const on = (name: string, ...command: string[]) => program([...inside(name), ...command])
  const listeners: Bun.Subprocess[] = []
  const networks = ['router', ...names]
  const close = async () => {
    for (const child of listeners) child.kill('SIGKILL')
    for (const name of networks) {
      await program(['ip', 'netns', 'delete', prefix + name]).catch(() => {})
    }
  }

  const addHost = async (name: HostName) => {
    const { link, address, router } = hosts[name]
    await program([
      ...['ip', 'link', 'add', link, 'netns', `${prefix}router`, 'type', 'veth'],
      ...['peer', 'name', 'eth0', 'netns', prefix + name],
    ])
    await on('router', 'ip', 'address', 'add', `${router}/24`, 'dev', link)
    await on('router', 'ip', 'link', 'set', link, 'up')
    await on(name, 'ip', 'address', 'add', `${address}/24`, 'dev', 'eth0')
    for (const other of others.filter((one) => one.on === name)) {
      await on(name, 'ip', 'address', 'add', `${other.address}/32`, 'dev', 'eth0')
    }
    await on(name, 'ip', 'link', 'set', 'eth0', 'up')
    await on(name, 'ip', 'link', 'set', 'lo', 'up')
    await on(name, 'ip', 'route', 'add', 'default', 'via', router)
  }

  const listen = async (name: string) => {
    const child = Bun.spawn([...inside(name), process.execPath, '-e', listener], {
      stdout: 'pipe',
      stderr: 'inherit',
    })
    listeners.push(child)
    for await (const _ of child.stdout) break
  }

  /** One program asks all at once: what is dropped costs its patience once. */
  const reached = async (on: string, source: string): Promise<Map<string, number[]>> => {
    const targets = [...names.filter((name) => name !== on), 'router'] as const
    const addressOf = (target: (typeof targets)[number]) =>
      // Of the router, the side that faces whoever asks.
      target === 'router' ? hosts[on as HostName].router : hosts[target].address
    const urls = targets.flatMap((target) =>
      ports.map((port) => `http://${addressOf(target)}:${port}/${target}`),
    )
    const command = [
      ...['curl', '--silent', '--output', '/dev/null', '--interface', source, '--max-time', '3'],
      ...['--connect-timeout', '2', '--parallel', '--parallel-immediate', '--parallel-max', '100'],
      ...['--write-out', '%{url} %{http_code}\n'],
    ]
    const each = urls.flatMap((url) => [url, '--output', '/dev/null'])
    const child = Bun.spawn([...inside(on), ...command, ...each], {
      stdout: 'pipe',
      stderr: 'ignore',
    })
    const lines = (await new Response(child.stdout).text()).split('\n')
    const found = new Map<string, number[]>()
    for (const line of lines) {
      const [, port, target] = /:(\d+)\/(\w+) 200$/.exec(line) ?? []
      if (target) found.set(target, [...(found.get(target) ?? []), Number(port)])
    }
    return found
  }

  const lineOf = (asking: string, target: string, open: readonly number[]) =>
    `${asking} -> ${target}: ${[...open].sort((a, b) => a - b).join(' ')}`

  try {
    for (const name of networks) await program(['ip', 'netns', 'add', prefix + name])
    await on('router', 'ip', 'link', 'set', 'lo', 'up')
    await on('router', 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1')
    for (const name of names) await addHost(name)
    await Promise.all(networks.map(listen))
  } catch (error) {
    await close()
    throw error
  }
  return {
    close,
    load: async (file) => {
      await on('router', 'nft', '-f', file)
    },
    async met(rule) {
      const chain = await on('router', 'nft', 'list', 'chain', 'inet', 'filter', 'forward')
      const line = chain.split('\n').find((one) => one.includes(rule))
      const packets = /counter packets (\d+)/.exec(line ?? '')?.[1]
      return packets === undefined ? null : Number(packets)
    },
    async matrix() {
      const asking = [
        ...names.map((name) => ({ name, on: name, address: hosts[name].address })),
        ...others,
      ]
      const lines: string[] = []
      for (const { name, on: from, address } of asking) {
        for (const [target, open] of await reached(from, address))
          lines.push(lineOf(name, target, open))
      }
      return lines.sort()
    },
  }
}
