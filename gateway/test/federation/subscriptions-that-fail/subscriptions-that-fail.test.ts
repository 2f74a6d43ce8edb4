import { hazard } from '../harness/hazard.ts'
import * as meter from './meter.ts'
import * as sensors from './sensors.ts'

hazard({
  subgraphs: { meter, sensors },
  guards: {
    file: 'gateway/engine/compiled.ts',
    line: 'return errors ? { errors } : result',
    instead: 'return errors ? { ...result, errors } : result',
  },
  cases: [
    {
      name: 'an event with an error is one answer, and the next one is whole',
      operation: 'subscription { measured { value } }',
      events: [
        { data: { measured: { value: 1 } } },
        {
          data: { measured: { value: null } },
          errors: [{ path: ['measured', 'value'], message: 'Not this one.' }],
        },
        { data: { measured: { value: 2 } } },
      ],
    },
    {
      name: 'an error of the other subgraph stands at its place in the event',
      operation: 'subscription { now: measured { sensors { place id } } }',
      events: [
        {
          data: {
            now: {
              sensors: [
                { place: 'roof', id: 'good' },
                { place: 'roof', id: 'good' },
              ],
            },
          },
        },
        {
          data: {
            now: {
              sensors: [
                { place: null, id: 'bad' },
                { place: 'roof', id: 'good' },
              ],
            },
          },
          errors: [{ path: ['now', 'sensors', 0, 'place'], message: 'Not this one.' }],
        },
        {
          data: {
            now: {
              sensors: [
                { place: 'roof', id: 'good' },
                { place: 'roof', id: 'good' },
              ],
            },
          },
        },
      ],
    },
    {
      name: 'what may not be null voids as much as it must, in one event only',
      operation: 'subscription { measured { value sensor { owner } } }',
      events: [
        { data: { measured: { value: 1, sensor: { owner: 'Ada' } } } },
        {
          data: { measured: { value: null, sensor: null } },
          errors: [
            { path: ['measured', 'value'], message: 'Not this one.' },
            { path: ['measured', 'sensor', 'owner'], message: 'Not this one.' },
          ],
        },
        { data: { measured: { value: 2, sensor: { owner: 'Ada' } } } },
      ],
    },
    {
      name: 'an event that is null where it may not be has no data, and the stream goes on',
      operation: 'subscription { strict { must } }',
      events: [
        {
          data: null,
          errors: [
            {
              path: ['strict'],
              message: 'Cannot return null for non-nullable field Subscription.strict.',
            },
          ],
        },
        { data: { strict: { must: 3 } } },
      ],
    },
    {
      name: 'a stream that breaks off is unavailable after what it told',
      operation: 'subscription { broken { value sensor { place } } }',
      events: [
        { data: { broken: { value: 1, sensor: { place: 'roof' } } } },
        { errors: [{ path: null, code: 'UNAVAILABLE' }] },
      ],
    },
    {
      name: 'one that does not open is one answer without data',
      operation: 'subscription { closed { value } }',
      errors: [{ path: ['closed'], message: 'Not this one.' }],
    },
  ],
})
