import { type Job, jobs, type On } from './pipeline.ts'

const branches = ['main', 'develop', 'production', 'feature/**', 'bugfix/**']
const checkout = 'actions/checkout@v5'

/** A value that GitHub writes in before a step runs. */
const given = (expression: string) => `$\{{ ${expression} }}`

const isOn = (on: On): string | null =>
  on === 'every' ? null : `(${on.map((name) => `github.ref == 'refs/heads/${name}'`).join(' || ')})`

/** Of these and of no other: `failure()` would mean any job before them as well. */
const failed = (needs: readonly string[]) =>
  `always() && (${needs.map((name) => `needs.${name}.result == 'failure'`).join(' || ')})`

const conditionOf = ({ on, onFailure, needs }: Job) => {
  const parts = [onFailure ? failed(needs) : null, isOn(on)].filter((part) => part !== null)
  return parts.length > 0 ? { if: parts.join(' && ') } : {}
}

const permissionsOf = ({ hasIdentity }: Job) => ({
  contents: 'read',
  ...(hasIdentity && { 'id-token': 'write' }),
})

const environmentOf = ({ secrets = [], environment }: Job) => ({
  CI: 'true',
  RUN_NUMBER: given('github.run_number'),
  ...(environment && { ORIGIN: given('vars.ORIGIN') }),
  ...Object.fromEntries(secrets.map((name) => [name, given(`secrets.${name}`)])),
})

const commands = ({ run }: Job) =>
  ['export SHORT_SHA="$(printf %.7s "$GITHUB_SHA")"', ...run].join('\n')

/** What a job pushes with its own token starts no pipeline, and would be neither built nor verified. */
const writing = { 'fetch-depth': 0, token: given('secrets.PUSH_TOKEN') }

const stepsOf = (job: Job) => [
  { uses: checkout, with: job.writes ? writing : { 'fetch-depth': 1 } },
  ...(job.takes ? [{ uses: 'actions/download-artifact@v5', with: { name: 'images' } }] : []),
  // A checkout inside a container belongs to another user than the one who runs there.
  { run: 'command -v git >/dev/null && git config --global --add safe.directory "$PWD" || true' },
  { run: commands(job), shell: 'sh -e {0}' },
  ...(job.keeps
    ? [
        {
          ...{ uses: 'actions/upload-artifact@v4', if: 'always()' },
          with: { name: job.name, path: job.keeps.join('\n') },
        },
      ]
    : []),
]

const jobOf = (job: Job) => ({
  ...conditionOf(job),
  ...(job.needs.length > 0 && { needs: job.needs }),
  'runs-on': 'ubuntu-24.04',
  container: { image: job.image, options: '--user root' },
  'timeout-minutes': job.minutes,
  permissions: permissionsOf(job),
  // The rules of an environment are GitHub's: who has to agree is set there.
  ...(job.environment && { environment: job.environment }),
  env: environmentOf(job),
  steps: stepsOf(job),
})

/** The pipeline as a workflow of GitHub Actions. */
export const workflow = () => ({
  name: 'pipeline',
  on: { push: { branches }, pull_request: {} },
  permissions: { contents: 'read' },
  concurrency: { group: `pipeline-${given('github.ref')}`, 'cancel-in-progress': false },
  jobs: Object.fromEntries(jobs.map((job) => [job.name, jobOf(job)])),
})
