import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { presetSettings } from '../../render/overlay.ts'
import { ensureTool } from '../../tools/build.ts'
import { requireTool, toolMissing } from '../../tools/path.ts'
import { areas, casesFile, rulesFile, stackFolder } from '../alert-rules.ts'

const ci = process.env.CI === 'true'

/** What a program prints, and whether it was content. */
async function run(tool: string, ...args: string[]) {
  const child = Bun.spawn([requireTool(tool), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { ok: (await child.exited) === 0, text: `${out}${complaint}`.trim() }
}

const noPromtool = toolMissing('promtool', ci)
describe.skipIf(noPromtool !== null)(noPromtool ? `alerts (${noPromtool})` : 'alerts', () => {
  beforeAll(async () => {
    await ensureTool('promtool')
  }, 600_000)

  /** Promtool checks these files, and tries each of their alerts. */
  async function expectTried(...names: string[]) {
    expect(names.filter((name) => !areas.includes(name))).toEqual([])
    const rules = await run('promtool', 'check', 'rules', ...names.map(rulesFile))
    expect(rules).toMatchObject({ ok: true })
    const cases = await run('promtool', 'test', 'rules', ...names.map(casesFile))
    expect(cases).toMatchObject({ ok: true })
  }

  test(
    '[FC-54] a site or a database that is away and a certificate in its last 21 days are told of',
    () => expectTried('availability.yaml', 'database.yaml'),
    60_000,
  )

  test(
    '[FC-55] [FC-56] a node, a disk, a pod or a job that is not well is told of',
    () => expectTried('machine.yaml'),
    60_000,
  )

  test(
    '[KG-32] a control plane, a Traefik or a Flux that is away is told of',
    () => expectTried('platform.yaml'),
    60_000,
  )

  test(
    '[KG-26] a burst of failures, a new administrator and a country too far are told of',
    () => expectTried('security.yaml'),
    60_000,
  )

  test('a rule whose bound is moved is found', async () => {
    const moved = await mkdtemp(join(tmpdir(), 'plexus-rules-'))
    const rules = await readFile(rulesFile('machine.yaml'), 'utf8')
    await writeFile(join(moved, 'rules.yaml'), rules.replaceAll('< 0.15', '< 0.05'))
    const cases = await readFile(casesFile('machine.yaml'), 'utf8')
    await writeFile(
      join(moved, 'cases.yaml'),
      cases.replace(/^rule_files:\n.*$/m, 'rule_files: [rules.yaml]'),
    )
    const { ok, text } = await run('promtool', 'test', 'rules', join(moved, 'cases.yaml'))
    await rm(moved, { recursive: true })
    expect({ ok, found: text.includes('NodeDiskFilling') }).toEqual({ ok: false, found: true })
  }, 60_000)

  test('Prometheus takes its configuration', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plexus-prometheus-'))
    const text = await readFile(join(stackFolder, 'prometheus/prometheus.yaml'), 'utf8')
    const { scrape_configs: jobs, ...others } = Scrapes.parse(parse(text))
    // Debian's promtool knows nothing of Kubernetes.
    const known = jobs.map(({ kubernetes_sd_configs: _, ...job }) => job)
    const file = join(folder, 'prometheus.json')
    await writeFile(file, JSON.stringify({ ...others, scrape_configs: known }))
    const checked = await run('promtool', 'check', 'config', '--syntax-only', file)
    await rm(folder, { recursive: true })
    expect(checked).toMatchObject({ ok: true })
    expect(jobs.filter((job) => job.kubernetes_sd_configs).length).toBeGreaterThan(3)
  }, 60_000)

  test('no file of alerts is left out', () => {
    const tried = ['availability', 'database', 'machine', 'platform', 'security']
    expect([...areas].sort()).toEqual(tried.map((name) => `${name}.yaml`))
  })
})

const Scrapes = z.looseObject({
  scrape_configs: z.array(z.looseObject({ kubernetes_sd_configs: z.unknown().optional() })),
})

const Routes = z.object({
  route: z.object({
    group_wait: z.string(),
    routes: z.array(z.looseObject({ receiver: z.string(), group_wait: z.string().optional() })),
  }),
})

/** Who is told of an alert with these labels, in the order in which the routes are written. */
const told = [
  ['an alert that wakes somebody', ['severity=critical'], ['on-call', 'second']],
  ['an alert for the morning', ['severity=warning'], ['channel']],
  [
    'an attack',
    ['severity=critical', 'area=security', 'alertname=ForeignAudit'],
    ['security', 'on-call', 'second'],
  ],
  ['something strange', ['severity=warning', 'area=security'], ['security']],
  ['the one that always fires', ['alertname=Watchdog', 'severity=none'], ['heartbeat']],
  ['one that nobody thought of', ['severity=unheard-of'], ['channel']],
] as const

const noAmtool = toolMissing('amtool', ci)
describe.skipIf(noAmtool !== null)(noAmtool ? `alert routes (${noAmtool})` : 'alert routes', () => {
  let folder: string
  let config: string

  beforeAll(async () => {
    await ensureTool('amtool')
    folder = await mkdtemp(join(tmpdir(), 'plexus-alerts-'))
    config = join(folder, 'alertmanager.yaml')
    const text = await readFile(join(stackFolder, 'alertmanager/alertmanager.yaml'), 'utf8')
    const settings = presetSettings()
    await writeFile(
      config,
      text.replace(/\$\{(\w+)\}/g, (_, name: string) => settings[name] ?? ''),
    )
  }, 600_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('[FC-57] Alertmanager takes its configuration: a channel, mail and webhooks', async () => {
    const { ok, text } = await run('amtool', 'check-config', config)
    expect({ ok, text }).toMatchObject({ ok: true })
    expect(text).toContain('5 receivers')
    const written = await readFile(config, 'utf8')
    for (const way of ['slack_configs', 'email_configs', 'webhook_configs']) {
      expect(written).toContain(way)
    }
  })

  for (const [what, labels, receivers] of told) {
    test(`${what} is told to ${receivers.join(', ')}`, async () => {
      const args = ['config', 'routes', 'test', `--config.file=${config}`, ...labels]
      expect(await run('amtool', ...args)).toEqual({ ok: true, text: receivers.join(',') })
    })
  }

  test('[FC-58] who is second hears of what is critical and not over after 15 minutes, and again each hour', async () => {
    const { route } = Routes.parse(parse(await readFile(config, 'utf8')))
    const first = route.routes.find(({ receiver }) => receiver === 'on-call')
    expect(first).toMatchObject({ matchers: ['severity="critical"'], continue: true })
    expect(first?.group_wait ?? route.group_wait).toBe('30s')
    expect(route.routes.filter(({ receiver }) => receiver === 'second')).toEqual([
      {
        ...{ receiver: 'second', matchers: ['severity="critical"'] },
        ...{ group_wait: '15m', group_interval: '15m', repeat_interval: '1h' },
      },
    ])
  })
})
