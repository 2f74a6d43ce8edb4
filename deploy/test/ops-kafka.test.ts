import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { subgraphs } from '#schema/subgraphs'
import { k3sFolder } from '../render/overlay.ts'

const folder = join(k3sFolder, 'components/kafka/rooms')
const documentsIn = (name: string) =>
  parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((it) => it.toJS())

const Topic = z.object({
  kind: z.literal('KafkaTopic'),
  metadata: z.object({ name: z.string(), labels: z.object({ 'strimzi.io/cluster': z.string() }) }),
  spec: z.object({ partitions: z.number(), replicas: z.number() }),
})
const Cluster = z.object({
  kind: z.literal('Kafka'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    kafka: z.object({
      listeners: z.array(
        z.object({ tls: z.boolean(), authentication: z.object({ type: z.string() }) }),
      ),
      authorization: z.object({ type: z.literal('simple') }),
      config: z.object({ 'auto.create.topics.enable': z.literal(false) }),
    }),
  }),
})

const topics = documentsIn('topics.yaml').map((it) => Topic.parse(it))
const clusters = documentsIn('workload.yaml').flatMap((it) => Cluster.safeParse(it).data ?? [])

test('each service that tells of events has a topic, in which they keep their one order', () => {
  expect(topics.map(({ metadata }) => metadata.name).sort()).toEqual(
    subgraphs.map(({ name }) => name).sort(),
  )
  for (const { spec } of topics) expect(spec.partitions).toBe(1)
})

test('the topics are of the broker that is made, which takes clients with a certificate alone', () => {
  const [cluster] = clusters
  expect(clusters).toHaveLength(1)
  for (const { metadata } of topics) {
    expect(metadata.labels['strimzi.io/cluster']).toBe(cluster?.metadata.name ?? '')
  }
  expect(cluster?.spec.kafka.listeners).toEqual([{ tls: true, authentication: { type: 'tls' } }])
})
