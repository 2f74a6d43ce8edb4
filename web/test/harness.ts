import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { browserMissing, type PageOptions, withPage } from '../../stack/testing/browser.ts'
import { buildWeb } from '../build.ts'
import { type MockGateway, startMockGateway } from './mock-gateway.ts'

/** Null when there is a browser; else why the browser tests of this room are skipped. */
export const skipped = browserMissing(process.env.CI === 'true')

let built: Promise<string> | null = null

/** The client, built once a process into a folder that goes with it. */
function builtWeb(): Promise<string> {
  built ??= (async () => {
    const outdir = await mkdtemp(join(tmpdir(), 'plexus-web-'))
    process.once('exit', () => void rm(outdir, { recursive: true, force: true }))
    await buildWeb({ outdir })
    return outdir
  })()
  return built
}

export type Visit = { gateway: MockGateway; page: Page; context: BrowserContext }
export type VisitOptions = Omit<PageOptions, 'baseURL'> & { signedIn?: boolean }

/** A fresh world for one visitor: an own gateway, an own storage, and a policy that must hold. */
export async function visit(options: VisitOptions, work: (visit: Visit) => Promise<void>) {
  const gateway = await startMockGateway(await builtWeb())
  const { signedIn = false, ...pageOptions } = options
  const faults: string[] = []
  try {
    await withPage({ ...pageOptions, baseURL: gateway.url }, async (page, context) => {
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) faults.push(message.text())
      })
      if (signedIn)
        await context.addCookies([{ name: 'mock-session', value: '1', url: gateway.url }])
      await work({ gateway, page, context })
    })
  } finally {
    await gateway.stop()
  }
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

/** A visit of an administrator. */
export const administer = (
  work: (visit: Visit) => Promise<void>,
  options: VisitOptions = {},
): Promise<void> =>
  visit({ locale: 'en-GB', signedIn: true, ...options }, (world) => {
    world.gateway.roles = ['admin']
    return work(world)
  })

/** The texts of a language, by id: tests name what a person reads. `part` is a catalog of few pages. */
export const texts = async (locale: 'en' | 'fr', part = ''): Promise<Record<string, string>> =>
  Bun.file(join(import.meta.dir, `../locales/${part}${locale}.json`)).json()
