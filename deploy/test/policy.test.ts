import { expect, test } from 'bun:test'
import { parse } from 'yaml'
import { holds } from '../network/address.ts'
import { isAllowed, type Pod } from '../network/policy.ts'

const pod = (namespace: string, name: string): Pod => ({
  namespace,
  name,
  labels: { app: name },
  ports: [
    { name: 'http', port: 80 },
    { name: 'metrics', port: 9100 },
  ],
})
const [web, api, far] = [pod('app', 'web'), pod('app', 'api'), pod('ops', 'far')]
const namespaces = new Map(['app', 'ops'].map((name) => [name, { name }] as const))

const deny = '{ podSelector: {}, policyTypes: [Ingress, Egress] }'
const open = '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }'

/** Whether web may speak to api, or another pair, when the namespace `app` has these policies. */
function may(specs: readonly string[], from: Pod = web, to: Pod = api, port = 80) {
  const policies = specs.map((spec) => ({ metadata: { namespace: 'app' }, spec: parse(spec) }))
  return isAllowed({ policies, namespaces }, { from, to, port })
}

const ingress = (rule: string) =>
  `{ podSelector: { matchLabels: { app: api } }, ingress: [${rule}] }`

test('without a policy everything is allowed, and with a default deny nothing is', () => {
  expect(may([])).toBe(true)
  expect(may([deny])).toBe(false)
})

test('a policy on other pods does not touch these', () => {
  expect(may(['{ podSelector: { matchLabels: { app: other } }, policyTypes: [Ingress] }'])).toBe(
    true,
  )
})

test('who is let in must be let out too', () => {
  const rule = ingress('{ from: [{ podSelector: { matchLabels: { app: web } } }] }')
  expect(may([deny, rule])).toBe(false)
  expect(may([deny, rule, open])).toBe(true)
})

test.each([
  ['an empty rule lets everybody in', '{}', true],
  ['another pod is meant', '{ from: [{ podSelector: { matchLabels: { app: other } } }] }', false],
  ['an empty selector is every pod of the namespace', '{ from: [{ podSelector: {} }] }', true],
  [
    'both selectors of one peer must fit',
    '{ from: [{ namespaceSelector: { matchLabels: { name: ops } }, podSelector: {} }] }',
    false,
  ],
  [
    'one of two peers is enough',
    '{ from: [{ namespaceSelector: { matchLabels: { name: ops } } }, { podSelector: {} }] }',
    true,
  ],
  ['a port by its number', '{ ports: [{ port: 80 }] }', true],
  ['another port', '{ ports: [{ port: 443 }] }', false],
  ['a port by its name', '{ ports: [{ port: http }] }', true],
  ["another port's name", '{ ports: [{ port: metrics }] }', false],
  ['a range of ports', '{ ports: [{ port: 70, endPort: 90 }] }', true],
  ['a range that ends before', '{ ports: [{ port: 70, endPort: 79 }] }', false],
  ['a block of the internet', '{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }', false],
  ['a block that holds pods too', '{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }', true],
  [
    'a block without our own addresses',
    '{ from: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }] }',
    false,
  ],
  [
    'a selector by expression',
    '{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [web] }] } }] }',
    true,
  ],
  [
    'a selector that leaves it out',
    '{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [web] }] } }] }',
    false,
  ],
])('%s', (_, rule, allowed) => {
  expect(may([ingress(rule)])).toBe(allowed)
})

test('a peer without a namespace is one of the same namespace', () => {
  const rule = ingress('{ from: [{ podSelector: {} }] }')
  expect([may([rule]), may([rule], far)]).toEqual([true, false])
})

test('policies add up: one that allows is enough', () => {
  const rules = ['{ from: [{ podSelector: { matchLabels: { app: other } } }] }', '{}'].map(ingress)
  expect(may(rules)).toBe(true)
})

test('a policy that says no types is about what comes in, and about what goes out only if it says so', () => {
  const both = '{ podSelector: { matchLabels: { app: web } }, egress: [] }'
  expect([may([both]), may(['{ podSelector: { matchLabels: { app: web } } }'])]).toEqual([
    false,
    true,
  ])
})

test.each([
  ['10.0.0.0/8', '10.42.0.10', true],
  ['10.0.0.0/16', '10.42.0.10', false],
  ['0.0.0.0/0', '203.0.113.7', true],
  ['203.0.113.7', '203.0.113.7', true],
  ['203.0.113.7/32', '203.0.113.8', false],
  ['::/0', '10.42.0.10', false],
])('%s holds %s: %p', (block, address, holding) => {
  expect(holds(block, address)).toBe(holding)
})
