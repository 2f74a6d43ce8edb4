import { describe, expect, test } from 'bun:test'
import { openSettled } from '../../stack/testing/settled.ts'
import { findings } from './axe.ts'
import { administer, skipped, texts } from './harness.ts'

const t = { ...(await texts('en')), ...(await texts('en', 'admin.')) }
const text = (id: string): string => t[id] ?? id
const timeoutMs = 30_000

describe.skipIf(skipped !== null)('what clients may run', () => {
  test(
    'is found by a part of its name, retired after a question, and taken back',
    () =>
      administer(async ({ page }) => {
        await page.goto('/admin/operations')
        await page.getByText('12,345').first().waitFor()
        await page.getByLabel(text('admin.operations.search')).fill('Partner')
        await page
          .getByRole('button', { name: 'Retire ClubCoaches' })
          .waitFor({ state: 'detached' })
        expect(new URL(page.url()).searchParams.get('search')).toBe('Partner')
        await page.getByRole('button', { name: 'Retire PartnerCoaches' }).click()
        const question = page.getByRole('alertdialog')
        await question.getByText(/refused within a second: partner/).waitFor()
        await question.getByRole('button', { name: text('admin.operation.retire') }).click()
        await page.getByText('PartnerCoaches is retired.').waitFor()
        await page.getByRole('button', { name: /Take back into service/ }).click()
        await page.getByText('PartnerCoaches is in service again.').waitFor()
        await page.getByText(text('admin.operation.live'), { exact: true }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'shows its text, and says when it never ran',
    () =>
      administer(async ({ page }) => {
        await page.goto('/admin/operations?search=Club')
        const row = page.getByRole('row').filter({ hasText: 'ClubCoaches' })
        await row.getByText(text('admin.operation.never')).waitFor()
        await row.getByText(text('admin.operation.document')).click()
        await row.getByText('coaches(first: 3)').waitFor()
        await row.getByText('2.4.0 · partner').waitFor()
      }),
    timeoutMs,
  )

  test(
    'a field tells who uses it; those that leave can be shown alone',
    () =>
      administer(async ({ page }) => {
        await page.goto('/admin/usage')
        const row = page.getByRole('row').filter({ hasText: 'Coach.headline' })
        await row.getByText('web (11,000)').waitFor()
        await row.getByText('and 2 more').waitFor()
        await page.getByLabel(text('admin.usage.show')).selectOption('deprecated')
        await row.waitFor({ state: 'detached' })
        await page.getByText('Removed after 2027-01-31: use headline.').waitFor()
        expect(new URL(page.url()).searchParams.get('show')).toBe('deprecated')
        await page.getByLabel(text('admin.usage.search')).fill('motto')
        await page.waitForURL(({ searchParams }) => searchParams.get('search') === 'motto')
        expect(new URL(page.url()).searchParams.get('show')).toBe('deprecated')
      }),
    timeoutMs,
  )

  test(
    'a program is given a plan, and shows what it may spend',
    () =>
      administer(async ({ page, gateway }) => {
        await page.goto('/admin/clients')
        await page.getByText('standard · 6,000 points a minute').waitFor()
        await page.getByRole('button', { name: 'Plan Médiathèque de Lyon' }).click()
        await page.getByLabel(text('admin.plan'), { exact: true }).selectOption('starter')
        await page.getByRole('button', { name: text('admin.plan.save') }).click()
        await page.getByText('The plan of Médiathèque de Lyon is changed.').waitFor()
        await page.getByText('starter · 600 points a minute').waitFor()
        expect(gateway.office.apiClients[0]?.plan).toMatchObject({ plan: 'starter' })
      }),
    timeoutMs,
  )

  test(
    'each list has its empty and its failed state',
    () =>
      administer(async ({ page, gateway }) => {
        Object.assign(gateway.registry, { operations: [], usages: [] })
        const lists = [
          ['operations', 'Operations', 'admin.operations.none'],
          ['usage', 'FieldUsages', 'admin.usage.none'],
        ] as const
        for (const [part, operation, none] of lists) {
          gateway.faults.set(operation, 'unavailable')
          await page.goto(`/admin/${part}`)
          await page.getByText(text('failure.unavailable.title')).waitFor()
          gateway.faults.clear()
          await page.getByRole('button', { name: text('failure.retry') }).click()
          await page.getByText(text(none), { exact: true }).waitFor()
        }
      }),
    timeoutMs,
  )

  const pages = [
    ['/admin/operations', null],
    ['/admin/operations', /Retire|Retirer/],
    ['/admin/usage', null],
    ['/admin/clients', /Plan|Formule/],
  ] as const
  for (const locale of ['fr-FR', 'en-GB'])
    for (const [place, [path, button]] of pages.entries())
      test(`${path} (${place}) is accessible in ${locale}, light and dark, on phone and desk`, async () => {
        await administer(
          async ({ page }) => {
            await openSettled(page, path)
            const main = page.getByRole('main')
            if (button) await main.getByRole('button', { name: button }).first().click()
            if (button) await page.getByRole('alertdialog').waitFor()
            expect(await findings(page)).toEqual([])
          },
          { locale },
        )
      }, 60_000)
})
