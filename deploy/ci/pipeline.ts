/** In the order in which they run; a stage begins when the one before it has passed. */
export const stages = ['test', 'integration', 'images', 'staging', 'verify', 'production'] as const
export type Stage = (typeof stages)[number]

/** `every` branch and pull request, or the pushes to one of these. */
export type On = 'every' | readonly ('develop' | 'main' | 'production')[]

export type Job = {
  readonly name: string
  readonly stage: Stage
  readonly on: On
  readonly needs: readonly string[]
  /** What the job runs in: nothing is expected of a runner but that it starts this. */
  readonly image: string
  readonly run: readonly string[]
  readonly minutes: number
  readonly secrets?: readonly string[]
  /** Its address is in the variable ORIGIN of that environment. */
  readonly environment?: 'staging' | 'production'
  /** A person has to let it go on. */
  readonly isManual?: boolean
  /** Runs only where one of `needs` has failed. */
  readonly onFailure?: boolean
  readonly keeps?: readonly string[]
  readonly takes?: boolean
  /** May prove to others who it is: signatures without keys. */
  readonly hasIdentity?: boolean
  readonly writes?: boolean
}

const bun = 'oven/bun:1.4.5-debian'
const alpine = 'alpine:3.22.2'
const made = [
  'deploy/images.json',
  'deploy/k3s/components/images/kustomization.yaml',
  'dist/images/sbom',
]
const images = `jq -r '.images[] | .reference + "@" + .digest' deploy/images.json`
const git = 'apk add --no-cache bash git'
const debian = (...names: readonly string[]) =>
  `apt-get update -q && apt-get install -q -y --no-install-recommends ${names.join(' ')}`
const registry = ['REGISTRY_USER', 'REGISTRY_PASSWORD']

/** Everything that happens to a change on its way to people; both CI systems are written from it. */
export const jobs: readonly Job[] = [
  {
    name: 'check',
    ...{ stage: 'test', on: 'every', needs: [], image: bun, minutes: 40 },
    // Format, types, tests of the API and of the pages in a browser, over a real PostgreSQL 18, and coverage.
    run: [debian('bash', 'ca-certificates', 'git', 'nodejs', 'npm', 'xz-utils'), '.ci/run'],
    keeps: ['coverage'],
  },
  {
    name: 'integration',
    ...{ stage: 'integration', on: ['develop', 'main'], needs: ['check'], image: bun, minutes: 60 },
    run: [
      debian(
        'bash',
        'ca-certificates',
        'git',
        'golang-go',
        'etcd-server',
        'pgbackrest',
        'postgresql',
      ),
      'bun run deploy:test --api',
      'bun run drill restore',
    ],
    keeps: ['deploy/reports'],
  },
  {
    name: 'images',
    ...{ stage: 'images', on: ['main'], needs: ['integration'], image: bun, minutes: 20 },
    run: [
      debian('bash', 'ca-certificates', 'git'),
      'bun run images',
      'cp deploy/images.json built-once.json',
      'bun run images',
      'cmp deploy/images.json built-once.json',
      'bun run images push "main-$RUN_NUMBER-$SHORT_SHA"',
    ],
    ...{ secrets: registry, keeps: made },
  },
  {
    name: 'sign',
    ...{ stage: 'images', on: ['main'], needs: ['images'], image: alpine, minutes: 10 },
    run: [
      'apk add --no-cache bash cosign git jq',
      'printf %s "$REGISTRY_PASSWORD" | cosign login ghcr.io --username "$REGISTRY_USER" --password-stdin',
      `${images} | xargs -n 1 cosign sign --yes`,
    ],
    ...{ secrets: registry, takes: true, hasIdentity: true },
  },
  {
    name: 'scan',
    ...{ stage: 'images', on: ['main'], needs: ['images'], minutes: 10 },
    image: 'aquasec/trivy:0.67.2',
    run: [
      'for bom in dist/images/sbom/*.cdx.json; do trivy sbom --exit-code 1 --severity HIGH,CRITICAL --ignore-unfixed "$bom"; done',
    ],
    takes: true,
  },
  {
    name: 'staging-images',
    ...{ stage: 'staging', on: ['main'], needs: ['sign', 'scan'], image: alpine, minutes: 15 },
    run: [git, '.ci/await-images 600'],
    takes: true,
  },
  {
    name: 'staging',
    ...{ stage: 'staging', on: ['main'], needs: ['staging-images'], minutes: 20 },
    image: 'ghcr.io/fluxcd/flux-cli:v2.7.3',
    // Applies what main holds and waits until database, Keycloak, entry and certificates are ready.
    run: [
      'printf %s "$KUBECONFIG_STAGING" > "$HOME/kubeconfig"',
      'KUBECONFIG="$HOME/kubeconfig" flux reconcile kustomization plexus --with-source --timeout=15m',
    ],
    ...{ secrets: ['KUBECONFIG_STAGING'], environment: 'staging' },
  },
  {
    name: 'verify-staging',
    ...{ stage: 'verify', on: ['main'], needs: ['staging'], image: bun, minutes: 15 },
    run: ['bun deploy/smoke.ts "$ORIGIN" 300'],
    environment: 'staging',
  },
  {
    name: 'revert-staging',
    ...{ stage: 'verify', on: ['main'], image: alpine, minutes: 5 },
    needs: ['staging', 'verify-staging'],
    run: [git, '.ci/revert main'],
    ...{ onFailure: true, writes: true },
  },
  {
    name: 'production',
    ...{ stage: 'production', on: ['main'], needs: ['verify-staging'], image: alpine, minutes: 5 },
    run: [git, '.ci/promote'],
    ...{ environment: 'production', isManual: true, takes: true, writes: true },
  },
  {
    name: 'verify-production',
    ...{ stage: 'verify', on: ['production'], needs: [], image: bun, minutes: 20 },
    run: ['bun deploy/smoke.ts "$ORIGIN" 900'],
    environment: 'production',
  },
  {
    name: 'revert-production',
    ...{ stage: 'production', on: ['production'], needs: ['verify-production'], minutes: 5 },
    image: alpine,
    run: [git, '.ci/revert production'],
    ...{ onFailure: true, writes: true },
  },
]
