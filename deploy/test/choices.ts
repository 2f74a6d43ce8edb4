import { type Profile, profiles } from '../render/overlay.ts'

/** Components that an installation chooses, by the profile that can carry them. */
export const chosen: Readonly<Record<Profile, readonly string[]>> = {
  'single-4g': [
    ...['adminer', 'backup-nas', 'backup-s3', 'demo', 'kafka', 'logs', 'observability'],
    ...['keycloak-console', 'replica', 'valkey'],
  ],
  'full-8g': [
    ...['adminer', 'demo', 'ha', 'kafka', 'keycloak-console', 'logs', 'replica-cluster', 'valkey'],
  ],
}

/** Those that take another's place: not with everything else. */
export const instead: Readonly<Record<Profile, readonly string[]>> = {
  'single-4g': [],
  'full-8g': ['gke', 'ingress-nginx', 'scale-to-zero'],
}

/** Every component at least once, with as many others as go with it. */
export const combinations: readonly (readonly [Profile, readonly string[]])[] = profiles.flatMap(
  (profile) => [
    [profile, chosen[profile]] as const,
    ...instead[profile].map((name) => [profile, [name]] as const),
  ],
)
