import { beforeAll, describe, expect, test } from 'bun:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Machine, withMachine } from './machine.ts'

const items = [
  ...['system', 'packages', 'ssh_keys', 'sshd', 'firewall', 'fail2ban', 'upgrades'],
  ...['sysctl', 'zram', 'k3s_config', 'k3s_binary', 'k3s_service'],
]
const vpn = '10.10.50.0/24'
const outside = { SSH_CONNECTION: '203.0.113.7 50000 198.51.100.1 22' }
const inside = { SSH_CONNECTION: '10.10.50.9 50000 10.10.50.1 22' }

const named = (lines: readonly string[]) =>
  lines.map((line) => line.split(/[ :]+/).slice(0, 2).join(' '))

const onMachine = (name: string, work: (machine: Machine) => Promise<void>, ms = 20_000) =>
  test.concurrent(name, () => withMachine(work), ms)

/** What a machine is after one run, which several tests read. */
let files: Record<string, string> = {}
let changes: string[] = []

beforeAll(() =>
  withMachine(async (machine) => {
    await machine.run()
    files = await machine.snapshot()
    changes = await machine.changes()
  }),
)

describe('a bare machine', () => {
  onMachine(
    'becomes a node at once, and the second run calls nothing that changes anything',
    async (machine) => {
      const first = await machine.run()
      expect(first.output).not.toContain('failed')
      expect(first.code).toBe(0)
      const before = [await machine.changes(), await machine.snapshot()]
      const second = await machine.run()
      expect(named(second.lines)).toEqual(items.map((item) => `ok ${item}`))
      expect([await machine.changes(), await machine.snapshot()]).toEqual(before)
      expect((await machine.run('--check')).code).toBe(0)
    },
  )

  onMachine(
    'is told everything that it lacks by --check and by --dry-run, which leave it as it is',
    async (machine) => {
      await machine.write('/etc/os-release', 'ID=debian\n')
      await machine.write('/root/.ssh/authorized_keys', '# none\n')
      const before = await machine.snapshot()
      const check = await machine.run('--check')
      expect(check.code).toBe(1)
      expect(named(check.lines)).toEqual(items.map((item) => `missing ${item}`))
      const dry = await machine.run('--dry-run')
      expect(dry.code).toBe(0)
      expect(named(dry.lines)).toEqual(items.map((item) => `would ${item}`))
      expect([await machine.changes(), await machine.snapshot()]).toEqual([[], before])
    },
  )
})

test('[KG-02] the firewall lets in SSH, HTTP and HTTPS, the pods of k3s, and nothing else', () => {
  expect(files['/rules']?.trim().split('\n')).toEqual([
    'allow 22/tcp',
    'allow 80/tcp',
    'allow 443/tcp',
    'allow from 10.42.0.0/16',
    'allow from 10.43.0.0/16',
  ])
  expect([files['/incoming'], files['/firewall']]).toEqual(['deny\n', 'on\n'])
})

test('[KG-03] fail2ban watches SSH and runs', () => {
  expect(files['/etc/fail2ban/jail.d/plexus.local']).toStartWith('[sshd]\nenabled = true\n')
  expect(files['/active']).toContain('fail2ban\n')
  expect(files['/packages']).toContain('fail2ban\n')
})

test('[KG-04] security fixes install themselves', () => {
  expect(files['/etc/apt/apt.conf.d/52plexus']).toContain('APT::Periodic::Unattended-Upgrade "1";')
  expect(files['/enabled']).toContain('unattended-upgrades\n')
})

test('[KG-05] sshd stays on port 22 and takes keys only', () => {
  const config = files['/etc/ssh/sshd_config.d/00-plexus.conf'] ?? ''
  expect(config).toContain('\nPasswordAuthentication no\n')
  expect(config).toContain('\nKbdInteractiveAuthentication no\n')
  expect(config).toContain('\nPubkeyAuthentication yes\n')
  expect(config).not.toMatch(/^Port/m)
  expect(changes).toContain('systemctl try-reload-or-restart ssh')
})

onMachine(
  '[BC-36] with a VPN, SSH and the API of k3s are reached from it and from nowhere else',
  async (machine) => {
    // As it was before there was a VPN.
    await machine.run(null, inside)
    const { code } = await machine.run(null, { ...inside, VPN_SUBNET: vpn })
    expect(code).toBe(0)
    const rules = (await machine.snapshot())['/rules']?.trim().split('\n') ?? []
    expect(rules.filter((rule) => /\b(22|6443)\b/.test(rule))).toEqual([
      `allow from ${vpn} to any port 22 proto tcp`,
      `allow from ${vpn} to any port 6443 proto tcp`,
    ])
  },
)

onMachine(
  'rules for SSH that were there before are gone with a VPN, whatever form they had',
  async (machine) => {
    const state = { ...inside, VPN_SUBNET: vpn }
    await machine.rule('allow OpenSSH', 'limit 22/tcp', 'allow 22')
    expect((await machine.run(null, state)).code).toBe(0)
    const rules = (await machine.snapshot())['/rules'] ?? ''
    expect(rules).not.toMatch(/OpenSSH|limit|^allow 22/m)
    expect(rules).toContain(`allow from ${vpn} to any port 22 proto tcp\n`)
  },
)

onMachine('a VPN_SUBNET that is no network is refused before anything is done', async (machine) => {
  const wrong = ['10.10.50.0', '10.10.50.9/24', '10.10.50.0/33', '10.300.0.0/16', 'vpn', 'fd00::/8']
  for (const subnet of wrong) {
    const { code, output } = await machine.run(null, { VPN_SUBNET: subnet })
    expect([subnet, code]).toEqual([subnet, 2])
    expect(output).toContain(`VPN_SUBNET is no network of IPv4: ${subnet}`)
  }
  expect(await machine.changes()).toEqual([])
})

describe('nobody is locked out', () => {
  onMachine('by passwords that end, as long as nobody has a key', async (machine) => {
    await machine.write('/root/.ssh/authorized_keys', '# ssh-ed25519 was here\n')
    const { code, output } = await machine.run()
    expect(code).toBe(1)
    expect(output).toContain('nobody has a key')
    const changes = (await machine.changes()).join('\n')
    expect(changes).not.toMatch(/reload|00-plexus|ufw (allow|--force)/)
  })

  onMachine(
    'by a file that sshd refuses: it is gone again, and sshd was not told',
    async (machine) => {
      const { code, output } = await machine.run(null, { SSHD_REFUSES: 'yes' })
      expect(code).toBe(1)
      expect(output).toContain('sshd refuses its configuration')
      expect((await machine.snapshot())['/etc/ssh/sshd_config.d/00-plexus.conf']).toBeUndefined()
      expect(await machine.changes()).not.toContain('systemctl try-reload-or-restart ssh')
    },
  )

  onMachine(
    'by the firewall: the ports of sshd and of this session are open before it is on',
    async (machine) => {
      await machine.run(null, {
        SSHD_PORT: '2200',
        SSHD_LISTENS: '[::]:2201',
        SSH_CONNECTION: '203.0.113.7 50000 198.51.100.1 2222',
      })
      const changes = await machine.changes()
      const enabled = changes.indexOf('ufw --force enable')
      expect(enabled).toBeGreaterThan(0)
      for (const rule of [2200, 2201, 2222].map((port) => `ufw allow ${port}/tcp`)) {
        expect(changes.indexOf(rule)).toBeGreaterThanOrEqual(0)
        expect(changes.indexOf(rule)).toBeLessThan(enabled)
      }
    },
  )

  onMachine(
    'by the VPN: while somebody is inside from elsewhere SSH stays open, and the check says so',
    async (machine) => {
      const settings = { ...outside, VPN_SUBNET: vpn }
      const { code, output } = await machine.run(null, settings)
      expect(code).toBe(1)
      expect(output).toContain('SSH is open to everybody: connect over the VPN')
      const open = (await machine.snapshot())['/rules']
      expect(open).toContain('allow 22/tcp\n')
      expect(open).not.toMatch(/^allow 6443|OpenSSH/m)
      const peer = { ...inside, VPN_SUBNET: vpn, PEERS: '0 0 198.51.100.1:22 203.0.113.9:40000\n' }
      expect((await machine.run(null, peer)).code).toBe(1)
      expect((await machine.run('--check', { VPN_SUBNET: vpn })).lines.join('\n')).toContain(
        'missing  firewall',
      )
      const mapped = {
        ...inside,
        VPN_SUBNET: vpn,
        PEERS: '0 0 [::ffff:10.10.50.1]:22 [::ffff:10.10.50.8]:40000\n',
      }
      expect((await machine.run(null, mapped)).code).toBe(0)
      expect((await machine.snapshot())['/rules']).not.toContain('allow 22/tcp\n')
    },
  )
})

onMachine('what is not what k3s has published is not installed', async (machine) => {
  const { code, output } = await machine.run(null, { K3S_SUM: '0'.repeat(64) })
  expect(code).toBe(1)
  expect(output).toContain('nothing was installed')
  expect((await machine.snapshot())['/usr/local/bin/k3s']).toBeUndefined()
})

onMachine(
  'a file that somebody changed is put right, and whoever reads it is told',
  async (machine) => {
    await machine.run()
    const right = await machine.snapshot()
    await machine.write('/etc/rancher/k3s/config.yaml', 'secrets-encryption: false\n')
    await machine.write('/etc/ssh/sshd_config.d/00-plexus.conf', 'PasswordAuthentication yes\n')
    const check = await machine.run('--check')
    expect(
      check.lines
        .filter((line) => line.startsWith('missing'))
        .map((line) => line.split(/[ :]+/)[1]),
    ).toEqual(['sshd', 'k3s_config', 'k3s_service'])
    const before = (await machine.changes()).length
    await machine.run()
    const after = (await machine.changes()).slice(before)
    expect(after).toContain('systemctl try-reload-or-restart ssh')
    expect(after).toContain('systemctl restart k3s')
    expect(await machine.snapshot()).toEqual(right)
  },
)

onMachine('another release of k3s takes the place of the one before', async (machine) => {
  await machine.run()
  const before = (await machine.changes()).length
  await machine.run(null, { K3S_VERSION: 'v1.36.4+k3s1' })
  const after = (await machine.changes()).slice(before)
  expect(after.join('\n')).toContain(
    'https://github.com/k3s-io/k3s/releases/download/v1.36.4%2Bk3s1/k3s',
  )
})

const Config = z.record(z.string(), z.unknown())
const argsOf = (config: z.output<typeof Config>, name: string) =>
  z.array(z.string()).parse(config[name])

test('[KG-06] k3s keeps its state in its own etcd, encrypted, and takes a snapshot every six hours', () => {
  const config = Config.parse(parse(files['/etc/rancher/k3s/config.yaml'] ?? ''))
  expect(config).toMatchObject({
    'cluster-init': true,
    'secrets-encryption': true,
    'protect-kernel-defaults': true,
    'write-kubeconfig-mode': '0600',
    'etcd-snapshot-schedule-cron': '0 */6 * * *',
    'etcd-snapshot-retention': 28,
  })
  // The presets: the API on 6443, and a scheduler.
  expect(config['https-listen-port'] ?? 6443).toBe(6443)
  expect(config['disable-scheduler']).toBeUndefined()
  expect(files['/active']).toContain('k3s\n')
})

test('every file that the API server of k3s is told of is there, and every kernel setting that the kubelet asks for', () => {
  const config = Config.parse(parse(files['/etc/rancher/k3s/config.yaml'] ?? ''))
  const named = argsOf(config, 'kube-apiserver-arg')
    .map((arg) => /=(\/etc\/\S+)$/.exec(arg)?.[1])
    .filter((path) => path !== undefined)
  expect(named.length).toBe(2)
  for (const path of named) expect(parse(files[path] ?? ''), path).toHaveProperty('kind')
  // Source: pkg/kubelet/cm, what protect-kernel-defaults compares.
  const asked = [
    'vm.panic_on_oom = 0',
    'vm.overcommit_memory = 1',
    'kernel.panic = 10',
    'kernel.panic_on_oops = 1',
  ]
  const kernel = files['/etc/sysctl.d/90-plexus.conf']?.split('\n') ?? []
  expect(kernel).toEqual(expect.arrayContaining(asked))
})
