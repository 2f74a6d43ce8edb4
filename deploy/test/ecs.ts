/** What a field of our log lines is called in the Elastic Common Schema. Source: ECS 8.17. */
export const ecs: Readonly<Record<string, string>> = {
  timestamp: '@timestamp',
  message: 'message',
  level: 'log.level',
  service: 'service.name',
  request_id: 'http.request.id',
  user_id: 'user.id',
  actor_id: 'client.user.id',
  endpoint: 'url.path',
  method: 'http.request.method',
  status_code: 'http.response.status_code',
  duration_ms: 'event.duration',
  trace_id: 'trace.id',
  operation: 'labels.operation',
}
