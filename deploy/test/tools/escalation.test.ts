import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from '../../../stack/ports.ts'
import { smtpSink } from '../../../stack/testing/smtp-sink.ts'
import { presetSettings } from '../../render/overlay.ts'
import { ensureTool } from '../../tools/build.ts'
import { requireTool, toolMissing } from '../../tools/path.ts'
import { stackFolder } from '../alert-rules.ts'

/** Debian's looks for its template in /usr/share: it sees one of its own there, and nobody else does. */
const inOwnShare = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]
const mayMount = () =>
  Bun.which('unshare') !== null && Bun.spawnSync([...inOwnShare, 'true']).exitCode === 0

const ci = process.env.CI === 'true'
const missing =
  toolMissing('alertmanager', ci) ??
  toolMissing('alertmanager-template', ci) ??
  (mayMount() ? null : 'no mount namespaces')

/** What the committed configuration waits for, and what this test does. */
const hurried = {
  'group_wait: 30s': 'group_wait: 100ms',
  'group_wait: 10s': 'group_wait: 100ms',
  'group_wait: 15m': 'group_wait: 3s',
  'group_interval: 5m': 'group_interval: 300ms',
  'group_interval: 15m': 'group_interval: 3s',
}

const Told = z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()) })) })
type Arrival = { readonly way: string; readonly alert: string; readonly at: number }

describe.skipIf(missing !== null)(missing ? `escalation (${missing})` : 'escalation', () => {
  let folder: string
  let ways: ReturnType<typeof Bun.serve>
  let mail: Awaited<ReturnType<typeof smtpSink>>
  let manager: ReturnType<typeof Bun.spawn>
  let origin: string
  const arrivals: Arrival[] = []

  const post = (path: string, body: unknown) =>
    fetch(`${origin}/api/v2/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const fire = (alertname: string, severity: string, endsAt?: Date) =>
    post('alerts', [
      {
        labels: { alertname, severity },
        annotations: { summary: `${alertname} happened.`, runbook_url: 'https://runbook.example' },
        ...(endsAt && { endsAt: endsAt.toISOString() }),
      },
    ])

  async function until(isSo: () => boolean | Promise<boolean>) {
    const deadline = performance.now() + 20_000
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error(JSON.stringify(arrivals))
      await Bun.sleep(50)
    }
  }
  const heard = (way: string, alert: string) =>
    arrivals.find((arrival) => arrival.way === way && arrival.alert === alert)

  /** The committed configuration with ways of this machine, which Debian's release knows by `url`. */
  async function configuration() {
    const text = await readFile(join(stackFolder, 'alertmanager/alertmanager.yaml'), 'utf8')
    const settings = presetSettings()
    const here = {
      ...hurried,
      'url_file: /etc/alertmanager-secret/webhook-url': `url: ${ways.url}first`,
      'url_file: /etc/alertmanager-secret/second-webhook-url': `url: ${ways.url}second`,
      '/etc/alertmanager-secret/slack-url': join(folder, 'slack-url'),
      'mail.ops.svc.cluster.local:25': `127.0.0.1:${mail.port}`,
    }
    return Object.entries(here)
      .reduce((config, [from, to]) => config.replaceAll(from, to), text)
      .replace(/\$\{(\w+)\}/g, (_, name: string) => settings[name] ?? '')
  }

  beforeAll(async () => {
    await ensureTool('alertmanager')
    await ensureTool('alertmanager-template')
    folder = await mkdtemp(join(tmpdir(), 'plexus-escalation-'))
    mail = await smtpSink()
    ways = Bun.serve({
      ...{ port: 0, hostname: '127.0.0.1' },
      fetch: async (request) => {
        const way = new URL(request.url).pathname.slice(1)
        const body: unknown = await request.json()
        const names =
          way === 'slack'
            ? [JSON.stringify(body)]
            : Told.parse(body).alerts.map(({ labels }) => labels.alertname ?? '')
        const at = performance.now()
        arrivals.push(...names.map((alert) => ({ way, alert, at })))
        return new Response('ok')
      },
    })
    await writeFile(join(folder, 'slack-url'), `${ways.url}slack`)
    const config = join(folder, 'alertmanager.yaml')
    await writeFile(config, await configuration())
    origin = `http://127.0.0.1:${await freePort()}`
    const share = join(folder, 'share/prometheus/alertmanager')
    await mkdir(share, { recursive: true })
    await copyFile(requireTool('alertmanager-template'), join(share, 'default.tmpl'))
    await writeFile(join(share, 'email.tmpl'), '{{ define "email.default.html" }}{{ end }}')
    manager = Bun.spawn(
      [
        ...[...inOwnShare, 'sh', '-c', 'mount --bind "$0" /usr/share && exec "$@"'],
        ...[join(folder, 'share'), requireTool('alertmanager')],
        ...[`--config.file=${config}`, `--storage.path=${join(folder, 'data')}`],
        ...[`--web.listen-address=${new URL(origin).host}`, '--cluster.listen-address='],
      ],
      { stdio: ['ignore', 'ignore', 'ignore'] },
    )
    await until(() =>
      fetch(`${origin}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
  }, 600_000)

  afterAll(async () => {
    manager?.kill()
    await manager?.exited
    await ways?.stop(true)
    await mail?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('[FC-57] what wakes somebody is told at once: on the channel, by mail and to the webhook', async () => {
    await fire('SiteDown', 'critical')
    await until(() => heard('first', 'SiteDown') !== undefined)
    await until(() => arrivals.some(({ way, alert }) => way === 'slack' && /SiteDown/.test(alert)))
    await until(() => mail.mails.some(({ subject }) => subject === '[FIRING] SiteDown'))
    expect(heard('second', 'SiteDown')).toBeUndefined()
  }, 30_000)

  test('[FC-58] a second person hears of what is neither over nor silenced when its time has come', async () => {
    await fire('Silenced', 'critical')
    await fire('Over', 'critical')
    await fire('Lasting', 'critical')
    const firedAt = performance.now()
    await until(() => ['Silenced', 'Over', 'Lasting'].every((name) => heard('first', name)))
    const silence = await post('silences', {
      matchers: [{ name: 'alertname', value: 'Silenced', isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
      ...{ createdBy: 'on-call', comment: 'At work on it.' },
    })
    expect(silence.ok).toBe(true)
    await fire('Over', 'critical', new Date())
    await until(() => heard('second', 'Lasting') !== undefined)
    // What came to the second person by then came after its wait, not before.
    expect((heard('second', 'Lasting')?.at ?? 0) - firedAt).toBeGreaterThan(2_500)
    await fire('Witness', 'critical')
    await until(() => heard('second', 'Witness') !== undefined)
    expect(heard('second', 'Silenced')).toBeUndefined()
    expect(heard('second', 'Over')).toBeUndefined()
  }, 60_000)

  test('a warning wakes nobody', async () => {
    await fire('NodeCpuBusy', 'warning')
    await until(() => arrivals.some(({ way, alert }) => way === 'slack' && /CpuBusy/.test(alert)))
    expect(heard('first', 'NodeCpuBusy')).toBeUndefined()
    expect(heard('second', 'NodeCpuBusy')).toBeUndefined()
  }, 30_000)
})
