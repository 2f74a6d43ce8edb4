import type { NotRun } from '../runner/not-run.ts'

/** What a real API server could say of the manifests, and does not here. */
export const notRun: readonly NotRun[] = [
  {
    step: 'dry-run of Kafka, KafkaNodePool and KafkaTopic',
    why: 'Strimzi publishes its definitions neither as a Go module nor on npm; its objects are held against schemas of ours only',
  },
  {
    step: 'enforcement of NetworkPolicies',
    why: 'the API server stores them and no controller that enforces them can be had here; what they allow is evaluated',
  },
]
