import { at } from '../render/json.ts'
import { forContainers, type Rule } from './rule.ts'

/** The one container whose founding document gives it a processor limit. Source: FC-21. */
const limited = 'app/gateway'

const required = ['requests.cpu', 'requests.memory', 'limits.memory']

export const containerRules: readonly Rule[] = [
  forContainers(
    'resources',
    'Every container asks for processor and memory, and has a limit of memory.',
    ({ value }) => {
      const missing = required.filter((path) => at(value, `resources.${path}`) === undefined)
      return missing.length > 0 ? `has no ${missing.join(', ')}` : null
    },
  ),
  forContainers(
    'processor-limit',
    'No container is throttled while a processor idles, but the one that must be.',
    ({ value }, { namespace, name }) =>
      at(value, 'resources.limits.cpu') !== undefined && `${namespace}/${name}` !== limited
        ? 'has a limit of processor'
        : null,
  ),
  forContainers(
    'probes',
    'Every container that serves says when it lives and when it is ready.',
    ({ value, isInit }, { isServing }) => {
      const probes = ['livenessProbe', 'readinessProbe']
      const missing = probes.filter((field) => value[field] === undefined)
      return isServing && !isInit && missing.length > 0 ? `has no ${missing.join(', ')}` : null
    },
  ),
  forContainers('read-only-root', "No container writes into its image's files.", ({ value }) =>
    at(value, 'securityContext.readOnlyRootFilesystem') === true
      ? null
      : 'can write to its root file system',
  ),
  forContainers(
    'environment',
    'No secret stands in a manifest: what is secret comes from a Secret.',
    ({ value }) => {
      const env = Array.isArray(value.env) ? value.env : []
      const written = env
        .filter((entry) => typeof at(entry, 'value') === 'string')
        .map((entry) => String(at(entry, 'name')))
        .find((name) => /PASSWORD|SECRET|_TOKEN|PRIVATE|API_KEY|_PASS$/.test(name))
      return written ? `writes ${written} out` : null
    },
  ),
]
